using System.Runtime.CompilerServices;

namespace AuditKit.Imaging.Corruptions;

/// <summary>
/// One of the 15 + 4 corruptions of Hendrycks and Dietterich (Benchmarking Neural Network Robustness to Common
/// Corruptions and Perturbations, ICLR 2019) at one of five severities.
/// </summary>
/// <remarks>
/// The benchmark has two tables of constants, for CIFAR's 32 and ImageNet's 224 pixels. An image takes the one whose
/// size is nearer to its own shorter side in ratio. Results are cut off to whole levels, as the published code does,
/// unless a corruption says otherwise. Grey images are corrupted as colour images of three equal channels.
/// </remarks>
public abstract class Corruption : IPerturbation
{
    /// <summary>The severities, weakest first.</summary>
    public const int Severities = 5;

    /// <summary>The largest shorter side that takes the constants of 32 pixels: √(32·224) = 84.7.</summary>
    public const int LargestSmallSide = 84;

    private protected Corruption(string kind, int severity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(severity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(severity, Severities);
        (Kind, Severity) = (kind, severity);
    }

    /// <summary>The corruption as specs name it: <c>gaussian-noise</c>.</summary>
    public string Kind { get; }

    /// <summary>The severity, 1 to 5.</summary>
    public int Severity { get; }

    /// <inheritdoc/>
    public virtual string Name => $"{Kind}/{Severity}";

    /// <summary>What is done at any severity, in a sentence or two, with the names of the constants.</summary>
    public abstract string Definition { get; }

    /// <summary>The constants of this severity, for images of 32 and of 224 pixels: <c>0.08 or 0.18</c>.</summary>
    public abstract string Constants { get; }

    /// <inheritdoc/>
    public string Description => $"{Definition} Severity {Severity}: {Constants} (shorter side up to {LargestSmallSide} pixels, or above).";

    /// <inheritdoc/>
    public abstract Image Apply(Image image, CounterRandom random);

    /// <summary>Whether an image takes the constants of 32 pixels rather than those of 224.</summary>
    private protected static bool IsSmall(Image image) => Math.Min(image.Width, image.Height) <= LargestSmallSide;
}

/// <summary>A corruption with constants of a type: a number, or a tuple of them.</summary>
/// <typeparam name="T">The constants of one severity.</typeparam>
public abstract class Corruption<T> : Corruption
{
    private protected Corruption(string kind, int severity, ReadOnlySpan<T> small, ReadOnlySpan<T> large)
        : base(kind, severity) => (Small, Large) = (small[severity - 1], large[severity - 1]);

    /// <summary>The constants for images of about 32 pixels.</summary>
    private protected T Small { get; }

    /// <summary>The constants for images of about 224 pixels.</summary>
    private protected T Large { get; }

    /// <inheritdoc/>
    public override string Constants => $"{Text(Small)} or {Text(Large)}";

    /// <summary>The constants for an image of this size.</summary>
    private protected T For(Image image) => IsSmall(image) ? Small : Large;

    // A tuple's own text follows the host's culture, whichever it is asked for.
    private static string Text(T constants) => constants is ITuple tuple
        ? $"({InvariantText.Join(", ", Enumerable.Range(0, tuple.Length).Select(i => tuple[i]))})"
        : InvariantText.Of(constants);
}
