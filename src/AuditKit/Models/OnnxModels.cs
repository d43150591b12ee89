using AuditKit.Models.Metadata;
using AuditKit.Models.Onnx;

namespace AuditKit.Models;

/// <summary>Opens ONNX files with ONNX Runtime: all that checks need which compute no gradient.</summary>
/// <param name="device">Where they run.</param>
/// <param name="threads">Threads that run them, at least 1.</param>
public sealed class OnnxModels(Device device, int threads) : IModelSource
{
    /// <inheritdoc/>
    public AuditedModel Open(ModelSpec model)
    {
        ArgumentNullException.ThrowIfNull(model);
        Graph graph = OnnxFile.Read(model.Path);
        var file = ModelDescription.Of(graph);
        ModelSpec asked = model;
        model = model.WithNotesOf(graph);
        var classifier = new OnnxRuntimeClassifier(graph, model.Options(device, threads));
        return new AuditedModel
        {
            Spec = model,
            Asked = asked,
            Classifier = classifier,
            Graph = graph,
            Notes = ModelNotes.Read(model.Path, graph),
            Sha256 = file.Sha256,
            Facts =
            [
                new("File", Path.GetFileName(model.Path)),
                new("SHA-256", file.Sha256),
                new("Size", $"{NumberText.Count(file.Bytes)} bytes"),
                new("Format", $"ONNX, IR version {file.FormatVersion}, opset {file.Opsets.GetValueOrDefault("")}"),
                new("Producer", file.Producer),
                new("Parameters", NumberText.Count(file.Parameters)),
                .. InputFacts(model, classifier, classifier.Form.InputText, classifier.Form.OutputText),
                new("Embedding", classifier.EmbeddingName is { } name ? $"{name}, {classifier.EmbeddingLength} numbers" : "none"),
                .. graph.PartlyFolded() is { } folded ? [new("Batch norm", folded)] : Array.Empty<Fact>(),
                new("Engine", $"ONNX Runtime on {device}, convolutions checked"),
            ],
        };
    }

    /// <inheritdoc/>
    public IGradientModel OpenGradients(AuditedModel model)
        => throw new AuditException("Gradients need libtorch, which the engine alone has not: leave out the checks that use them.");

    /// <inheritdoc/>
    public IAdaptedModel OpenAdapted(AuditedModel model, Adaptation adaptation)
        => throw new AuditException("Adaptation needs libtorch, which the engine alone has not: leave out checks.tta.adapt.");

    /// <inheritdoc/>
    public string Digest(ModelSpec model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return ModelDescription.Read(model.Path).Sha256;
    }

    /// <summary>What a report says of a model's input and output, whichever engine runs it.</summary>
    internal static IEnumerable<Fact> InputFacts(ModelSpec model, IClassifier classifier, string takes, string gives) =>
    [
        new("Input", $"{classifier.Input} (channels × height × width) as {takes}, {Colours(model)}, "
            + $"mean {Values(model.Mean)}, standard deviation {Values(model.Std)}"),
        new("Output", gives),
        new("Classes", $"{classifier.Classes}"),
    ];

    private static string Colours(ModelSpec model) => model.Channels switch
    {
        ChannelOrder.Bgr => "blue, green, red",
        ChannelOrder.Grey => "colours turned to grey",
        _ => "colours as in the images",
    };

    private static string Values(IReadOnlyList<double> values) => values.Count == 0 ? "not applied" : InvariantText.Join(", ", values);
}
