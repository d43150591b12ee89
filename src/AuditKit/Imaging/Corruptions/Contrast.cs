using System.Runtime.Intrinsics;

namespace AuditKit.Imaging.Corruptions;

/// <summary>Every channel drawn towards its mean: poor light.</summary>
/// <param name="severity">1 to 5.</param>
public sealed class Contrast(int severity)
    : Corruption<double>("contrast", severity, [0.75, 0.5, 0.4, 0.3, 0.15], [0.4, 0.3, 0.2, 0.1, 0.05])
{
    /// <inheritdoc/>
    public override string Definition => "Every sample's distance to the mean of its channel over the image multiplied by c.";

    /// <inheritdoc/>
    public override Image Apply(Image image, CounterRandom random)
    {
        ArgumentNullException.ThrowIfNull(image);
        float factor = (float)For(image);
        Span<long> sums = stackalloc long[3];
        for (int c = 0; c < 3; c++)
        {
            byte[] samples = image.Samples;
            for (int i = c % image.Channels; i < samples.Length; i += image.Channels)
            {
                sums[c] += samples[i];
            }
        }

        double share = (1 - factor) / ((double)image.Width * image.Height);
        return RgbPixels.Transform(image, new Scaled(factor, (float)(sums[0] * share), (float)(sums[1] * share), (float)(sums[2] * share)));
    }

    private readonly struct Scaled(float factor, float redOffset, float greenOffset, float blueOffset) : IPixelOperation
    {
        public void Apply(int pixel, ref Vector256<float> red, ref Vector256<float> green, ref Vector256<float> blue)
        {
            red = (red * factor) + Vector256.Create(redOffset);
            green = (green * factor) + Vector256.Create(greenOffset);
            blue = (blue * factor) + Vector256.Create(blueOffset);
        }
    }
}
