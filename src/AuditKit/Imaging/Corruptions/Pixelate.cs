namespace AuditKit.Imaging.Corruptions;

/// <summary>Shrunk and enlarged with a box filter: too low a resolution.</summary>
/// <param name="severity">1 to 5.</param>
public sealed class Pixelate(int severity)
    : Corruption<double>("pixelate", severity, [0.95, 0.9, 0.85, 0.75, 0.65], [0.6, 0.5, 0.4, 0.3, 0.25])
{
    /// <inheritdoc/>
    public override string Definition => "Shrunk to c times its width and height, rounded down, and enlarged again, both with a box filter as Pillow's.";

    /// <inheritdoc/>
    public override Image Apply(Image image, CounterRandom random)
    {
        ArgumentNullException.ThrowIfNull(image);
        double scale = For(image);
        Image small = Resampler.Resize(image, Scaled(image.Width), Scaled(image.Height), ResampleFilter.Box);
        return Resampler.Resize(small, image.Width, image.Height, ResampleFilter.Box);

        int Scaled(int length) => Math.Max(1, (int)(length * scale));
    }
}
