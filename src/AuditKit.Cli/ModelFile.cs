using AuditKit.Models;
using AuditKit.Specs;
using AuditKit.Training;

namespace AuditKit.Cli;

/// <summary>Opens a model by its kind: ONNX with ONNX Runtime, TorchScript with libtorch.</summary>
internal static class ModelFile
{
    public static AuditedModel Open(ModelSpec spec, AuditOptions options)
    {
        var classifierOptions = new ClassifierOptions
        {
            Input = spec.Input,
            Mean = [.. spec.Mean.Select(value => (float)value)],
            StandardDeviation = [.. spec.Std.Select(value => (float)value)],
            Embedding = spec.Embedding,
            Threads = options.Threads,
            Device = Device.Parse(options.Device),
        };
        var classifier = new OnnxRuntimeClassifier(spec.Path, classifierOptions);
        ModelDescription file = ModelDescription.Read(spec.Path);
        return new AuditedModel(classifier, file.Sha256,
        [
            new("File", Path.GetFileName(spec.Path)),
            new("SHA-256", file.Sha256),
            new("Size", $"{file.Bytes:N0} bytes"),
            new("Format", $"ONNX, IR version {file.FormatVersion}, opset {file.Opsets.GetValueOrDefault("")}"),
            new("Producer", file.Producer),
            new("Parameters", $"{file.Parameters:N0}"),
            new("Input", $"{classifier.Input} (channels × height × width), pixels / 255, mean {Values(spec.Mean)}, standard deviation {Values(spec.Std)}"),
            new("Classes", $"{classifier.Classes}"),
            new("Embedding", classifier.EmbeddingName is { } name ? $"{name}, {classifier.EmbeddingLength} numbers" : "none"),
            new("Engine", $"ONNX Runtime on {classifierOptions.Device}"),
        ]);
    }

    private static string Values(IReadOnlyList<double> values) => values.Count == 0 ? "not applied" : string.Join(", ", values);
}
