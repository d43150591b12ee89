using AuditKit.Imaging;

namespace AuditKit.Models;

/// <summary>A trained image classifier, ready to run. Called from one thread at a time.</summary>
public interface IClassifier : IDisposable
{
    /// <summary>What one image must look like.</summary>
    InputShape Input { get; }

    /// <summary>Number of classes K.</summary>
    int Classes { get; }

    /// <summary>Length D of the embedding that <see cref="Run"/> also gives, 0 where none is tapped.</summary>
    int EmbeddingLength { get; }

    /// <summary>A batch size that suits this model's engine, or the only one that the model accepts.</summary>
    int PreferredBatch { get; }

    /// <summary>Where it computes: while a GPU runs a batch, the processors prepare the next one.</summary>
    Device Device => Device.Cpu;

    /// <summary>Runs one batch.</summary>
    /// <param name="pixels">n×C×H×W pixels in [0, 1], before the model's own normalisation.</param>
    /// <param name="count">Images n in the batch, at least 1.</param>
    /// <param name="logits">Receives n×K logits.</param>
    /// <param name="embeddings">Receives n×D embeddings; empty when not wanted.</param>
    /// <exception cref="NotFiniteException">The model gave NaN or infinity for some images; the rows of all others are right.</exception>
    /// <exception cref="AuditException">The engine failed.</exception>
    void Run(ReadOnlySpan<float> pixels, int count, Span<float> logits, Span<float> embeddings);
}
