using AuditKit.Imaging;

namespace AuditKit.Models;

/// <summary>A classifier that also tells how its logits change with its input. Called from one thread at a time.</summary>
public interface IGradientModel : IDisposable
{
    /// <summary>What one image must look like.</summary>
    InputShape Input { get; }

    /// <summary>Number of classes K.</summary>
    int Classes { get; }

    /// <summary>The most images that are run at once: a number that suits this model's engine, or the only one that the model accepts.</summary>
    int PreferredBatch { get; }

    /// <summary>
    /// Forward, then the gradient of a loss that is given by its own gradient with respect to the logits: the
    /// vector–Jacobian product that back-propagation is.
    /// </summary>
    /// <param name="pixels">n×C×H×W pixels in [0, 1], before the model's own normalisation.</param>
    /// <param name="count">Images n, 1 to <see cref="PreferredBatch"/>.</param>
    /// <param name="logits">Receives n×K logits.</param>
    /// <param name="loss">Writes the loss' gradient with respect to the n×K logits.</param>
    /// <param name="gradient">Receives n×C×H×W: the loss' gradient with respect to the pixels.</param>
    /// <exception cref="AuditException">The model gave NaN or infinity, or its engine failed.</exception>
    void Backward(ReadOnlySpan<float> pixels, int count, Span<float> logits, LossGradient loss, Span<float> gradient);
}

/// <summary>The gradient of a loss with respect to logits.</summary>
/// <param name="logits">n×K logits.</param>
/// <param name="gradient">Receives n×K: the loss' gradient, each row by its own image's logits alone.</param>
public delegate void LossGradient(ReadOnlySpan<float> logits, Span<float> gradient);
