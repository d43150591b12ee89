using AuditKit.Models.Metadata;
using AuditKit.Models.Onnx;

namespace AuditKit.Models;

/// <summary>A model under audit: read once, ready to run, and what the report says of it.</summary>
public sealed record AuditedModel : IDisposable
{
    /// <summary>How the spec names it, with the channels and range that its file notes where the spec leaves them open.</summary>
    public required ModelSpec Spec { get; init; }

    /// <summary>How the spec names it, and nothing else: what another model is opened by, whose file has notes of its own.</summary>
    public ModelSpec Asked { get => field ?? Spec; init; }

    /// <summary>The model, opened.</summary>
    public required IClassifier Classifier { get; init; }

    /// <summary>The graph that was read from its file, which nobody may change; null for TorchScript.</summary>
    public Graph? Graph { get; init; }

    /// <summary>What its file and those beside it say of its use.</summary>
    public ModelNotes Notes { get; init; } = ModelNotes.None;

    /// <summary>SHA-256 of the bytes that were read, lower-case hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Its identity: file, digest, size, opset, input, classes, parameters, producer, engine.</summary>
    public required IReadOnlyList<Fact> Facts { get; init; }

    /// <inheritdoc/>
    public void Dispose() => Classifier.Dispose();
}
