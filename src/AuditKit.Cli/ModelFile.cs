using System.Security.Cryptography;
using AuditKit.Models;
using AuditKit.Specs;
using AuditKit.Training;

namespace AuditKit.Cli;

/// <summary>Opens a model by its kind: TorchScript with libtorch, everything else as ONNX with ONNX Runtime.</summary>
internal static class ModelFile
{
    private static readonly string[] _torchScriptEndings = [".pt", ".pth", ".torchscript"];

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
        return _torchScriptEndings.Contains(Path.GetExtension(spec.Path).ToLowerInvariant())
            ? OpenTorchScript(spec, classifierOptions)
            : OpenOnnx(spec, classifierOptions);
    }

    private static AuditedModel OpenOnnx(ModelSpec spec, ClassifierOptions options)
    {
        ModelDescription file = ModelDescription.Read(spec.Path);
        var classifier = new OnnxRuntimeClassifier(spec.Path, options);
        return new AuditedModel(classifier, file.Sha256,
        [
            new("File", Path.GetFileName(spec.Path)),
            new("SHA-256", file.Sha256),
            new("Size", $"{file.Bytes:N0} bytes"),
            new("Format", $"ONNX, IR version {file.FormatVersion}, opset {file.Opsets.GetValueOrDefault("")}"),
            new("Producer", file.Producer),
            new("Parameters", $"{file.Parameters:N0}"),
            .. InputFacts(spec, classifier),
            new("Embedding", classifier.EmbeddingName is { } name ? $"{name}, {classifier.EmbeddingLength} numbers" : "none"),
            new("Engine", $"ONNX Runtime on {options.Device}"),
        ]);
    }

    private static AuditedModel OpenTorchScript(ModelSpec spec, ClassifierOptions options)
    {
        var classifier = new TorchScriptClassifier(spec.Path, options);
        using FileStream file = File.OpenRead(spec.Path);
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(file));
        return new AuditedModel(classifier, sha256,
        [
            new("File", Path.GetFileName(spec.Path)),
            new("SHA-256", sha256),
            new("Size", $"{file.Length:N0} bytes"),
            new("Format", "TorchScript"),
            .. InputFacts(spec, classifier),
            new("Engine", $"libtorch {TorchSharp.torch.__version__} on {options.Device}"),
        ]);
    }

    private static IEnumerable<Fact> InputFacts(ModelSpec spec, IClassifier classifier) =>
    [
        new("Input", $"{classifier.Input} (channels × height × width), pixels / 255, mean {Values(spec.Mean)}, standard deviation {Values(spec.Std)}"),
        new("Classes", $"{classifier.Classes}"),
    ];

    private static string Values(IReadOnlyList<double> values) => values.Count == 0 ? "not applied" : string.Join(", ", values);
}
