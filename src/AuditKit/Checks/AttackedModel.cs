using AuditKit.Evidence;
using AuditKit.Models;

namespace AuditKit.Checks;

/// <summary>
/// The model whose gradients attacks follow: the audited one, or the floating point model that it was quantised from, which the evidence
/// then names.
/// </summary>
internal static class AttackedModel
{
    private const string Key = "attacked model";

    /// <summary>Chooses the model.</summary>
    /// <exception cref="AuditException">The audited model is quantised, and the spec names no floating point model.</exception>
    public static AuditedModel Of(CheckContext context)
    {
        if (context.FloatModel is { } model)
        {
            context.Evidence.WriteFact(Key, FloatModel.Text(model));
            return model;
        }

        return context.Audited.Graph is { } graph && FloatModel.Quantised(graph) is { } rounding
            ? throw new AuditException($"{context.Audited.Spec.Path}: the model is quantised ({rounding}), and what is rounded has no gradient. "
                + "This check needs the float model that it was made from: write float: PATH under model.")
            : context.Audited;
    }

    /// <summary>The floating point model that a run's attacks were made on; null where it was the audited one.</summary>
    public static string? Read(EvidenceStore evidence) => evidence.Fact(Key);
}
