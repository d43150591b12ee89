using AuditKit.Imaging;

namespace AuditKit.Models;

/// <summary>
/// A copy of a classifier that adapts itself to the batches that it is shown: what it says of an image depends on the batch that the
/// image is in and, where its <see cref="Adaptation"/> carries over, on the batches before. Called from one thread at a time.
/// </summary>
public interface IAdaptedModel : IDisposable
{
    /// <summary>What one image must look like.</summary>
    InputShape Input { get; }

    /// <summary>Number of classes K.</summary>
    int Classes { get; }

    /// <summary>Predicts a batch, and adapts to it.</summary>
    /// <param name="pixels">n×C×H×W pixels in [0, 1], before the model's own normalisation.</param>
    /// <param name="count">Images n in the batch, at least 1.</param>
    /// <param name="logits">Receives n×K logits.</param>
    /// <exception cref="AuditException">The model gave NaN or infinity, or its engine failed.</exception>
    void Run(ReadOnlySpan<float> pixels, int count, Span<float> logits);
}
