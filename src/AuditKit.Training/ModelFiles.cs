using System.Security.Cryptography;
using AuditKit.Models;
using AuditKit.Models.Metadata;
using AuditKit.Training.Graphs;
using AuditKit.Training.Libtorch;

namespace AuditKit.Training;

/// <summary>Opens models by their kind: TorchScript with libtorch, everything else as ONNX with ONNX Runtime.</summary>
/// <param name="device">Where they run.</param>
/// <param name="threads">Threads that run them, at least 1.</param>
public sealed class ModelFiles(Device device, int threads) : IModelSource
{
    private readonly OnnxModels _onnx = new(device, threads);

    /// <inheritdoc/>
    public AuditedModel Open(ModelSpec model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.IsTorchScript ? OpenTorchScript(model, model.Options(device, threads)) : _onnx.Open(model);
    }

    /// <inheritdoc/>
    public IGradientModel OpenGradients(AuditedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Graph is { } graph ? new GraphGradients(graph, model.Spec.Options(device, threads)) : throw new AuditException(
            $"{model.Spec.Path}: gradients are computed on ONNX graphs alone, and this is TorchScript. Export the model with torch.onnx.export.");
    }

    /// <inheritdoc/>
    public IAdaptedModel OpenAdapted(AuditedModel model, Adaptation adaptation)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Graph is { } graph ? new AdaptedGraph(graph, model.Spec.Options(device, threads), adaptation) : throw new AuditException(
            $"{model.Spec.Path}: ONNX graphs alone adapt themselves, and this is TorchScript. Export the model with torch.onnx.export.");
    }

    string IModelSource.Digest(ModelSpec model) => Digest(model.Path);

    /// <summary>SHA-256 of a model, lower-case hex, as <see cref="Open"/> gives it.</summary>
    /// <exception cref="AuditException">The file cannot be read or is no model.</exception>
    public static string Digest(string path)
    {
        if (!ModelSpec.NamesTorchScript(path))
        {
            return ModelDescription.Read(path).Sha256;
        }

        try
        {
            using FileStream file = RegularFile.Open(path);
            return Convert.ToHexStringLower(SHA256.HashData(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditException($"{path} cannot be read: {e.Message}", inner: e);
        }
    }

    private static AuditedModel OpenTorchScript(ModelSpec spec, ClassifierOptions options)
    {
        // Before libtorch reads the file: one that is replaced in between is noticed at the run's end.
        string sha256 = Digest(spec.Path);
        var classifier = new TorchScriptClassifier(spec.Path, options);
        return new AuditedModel
        {
            Spec = spec,
            Classifier = classifier,
            Sha256 = sha256,
            Notes = ModelNotes.Read(spec.Path, graph: null),
            Facts =
        [
            new("File", Path.GetFileName(spec.Path)),
            new("SHA-256", sha256),
            new("Size", $"{NumberText.Count(new FileInfo(spec.Path).Length)} bytes"),
            new("Format", "TorchScript"),
            .. OnnxModels.InputFacts(spec, classifier, classifier.InputText, classifier.OutputText),
            new("Engine", $"{LibtorchEngine.Description}, on {options.Device}"),
        ]
        };
    }
}
