using AuditKit.Models.Onnx;

namespace AuditKit.Models;

/// <summary>
/// The floating point model that a quantised one was made from: rounding has no gradient, so attacks that follow gradients are made on
/// it and judged on the quantised model.
/// </summary>
internal static class FloatModel
{
    /// <summary>Opens it.</summary>
    /// <param name="models">Opens models.</param>
    /// <param name="spec">The floating point model.</param>
    /// <param name="audited">The quantised model.</param>
    /// <exception cref="AuditException">It is no model, is quantised itself, takes other images or knows other classes, or the audited model
    /// has gradients of its own.</exception>
    public static AuditedModel Open(IModelSource models, ModelSpec spec, AuditedModel audited)
    {
        if (audited.Graph is { } graph && Quantised(graph) is null)
        {
            throw new AuditException($"{audited.Spec.Path}: the model is not quantised, so attacks follow its own gradients. Leave out model.float.");
        }

        AuditedModel opened = models.Open(spec);
        try
        {
            Require(opened.Graph is not { } own || Quantised(own) is null, "it is quantised itself");
            Require(opened.Classifier.Input == audited.Classifier.Input,
                $"it takes images of {opened.Classifier.Input}, the audited model {audited.Classifier.Input}");
            Require(opened.Classifier.Classes == audited.Classifier.Classes,
                $"it has {opened.Classifier.Classes} classes, the audited model {audited.Classifier.Classes}");
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }

        void Require(bool holds, string otherwise)
        {
            if (!holds)
            {
                throw new AuditException($"{spec.Path} is not the floating point model that {Path.GetFileName(audited.Spec.Path)} was made from: "
                    + $"{otherwise}. Check model.float.");
            }
        }
    }

    /// <summary>What a report says of it.</summary>
    public static Fact Fact(AuditedModel model)
        => new("Floating point model, for attacks by gradients", Text(model));

    /// <summary>Its file and digest.</summary>
    public static string Text(AuditedModel model) => $"{Path.GetFileName(model.Spec.Path)}, SHA-256 {model.Sha256}";

    /// <summary>The first operator of a graph that rounds to integers or computes with them; null where none does.</summary>
    public static string? Quantised(Graph graph) => graph.Nodes.Find(QuantisedOperators.IsQuantised)?.ToString();
}
