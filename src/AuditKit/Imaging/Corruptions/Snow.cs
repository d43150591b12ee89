using System.Runtime.Intrinsics;

namespace AuditKit.Imaging.Corruptions;

/// <summary>Flakes that fall, over a whitened image.</summary>
/// <param name="severity">1 to 5.</param>
public sealed class Snow(int severity)
    : Corruption<(double Mean, double Deviation, double Zoom, double Threshold, int Radius, double Sigma, double Kept)>(
        "snow",
        severity,
        [
            (0.1, 0.2, 1, 0.6, 8, 3, 0.95),
            (0.1, 0.2, 1, 0.5, 10, 4, 0.9),
            (0.15, 0.3, 1.75, 0.55, 10, 4, 0.9),
            (0.25, 0.3, 2.25, 0.6, 12, 6, 0.85),
            (0.3, 0.3, 1.25, 0.65, 14, 12, 0.8),
        ],
        [
            (0.1, 0.3, 3, 0.5, 10, 4, 0.8),
            (0.2, 0.3, 2, 0.5, 12, 4, 0.7),
            (0.55, 0.3, 4, 0.9, 12, 8, 0.7),
            (0.55, 0.3, 4.5, 0.85, 12, 8, 0.65),
            (0.55, 0.3, 2.5, 0.85, 12, 12, 0.55),
        ])
{
    /// <inheritdoc/>
    public override string Definition
        => "Flakes: normal noise (mean, deviation), enlarged z times, zero below t, smeared as motion blur does (r, σ) in a direction "
            + "uniform within 45° of up. They are added as they are and turned by 180° to k·x + (1 − k)·max(x, 1.5·luma + 0.5): (mean, "
            + "deviation, z, t, r, σ, k).";

    /// <inheritdoc/>
    public override Image Apply(Image image, CounterRandom random)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(random);
        (double mean, double deviation, double zoom, double threshold, int radius, double sigma, double kept) = For(image);
        var flakes = new Image(image.Width, image.Height, 1);
        int pixels = flakes.Samples.Length;
        using var noise = new Scratch<float>(pixels);
        random.FillNormal(noise.Span, 255 * (float)mean, 255 * (float)deviation);
        using var enlarged = new Scratch<float>(pixels);
        enlarged.Span.Clear();
        ClippedZoom.Add(noise.Span, image.Width, image.Height, 1, zoom, enlarged.Span);
        Levels.Cut(enlarged.Span, 255 * (float)threshold);
        Levels.FromFloats(enlarged.Span, flakes.Samples);

        flakes = Motion.Smear(flakes, radius, sigma, (90 * random.NextDouble()) - 135);
        using var layer = new Scratch<float>(pixels + RgbPixels.Block);
        for (int i = 0; i < pixels; i++)
        {
            layer.Span[i] = flakes.Samples[i] + flakes.Samples[pixels - 1 - i];
        }

        return RgbPixels.Transform(image, new Fallen(layer.Span, (float)kept));
    }

    private readonly ref struct Fallen(ReadOnlySpan<float> layer, float kept) : IPixelOperation
    {
        private readonly ReadOnlySpan<float> _layer = layer;

        public void Apply(int pixel, ref Vector256<float> red, ref Vector256<float> green, ref Vector256<float> blue)
        {
            Vector256<float> flakes = Vector256.Create(_layer[pixel..]);
            Vector256<float> white = (RgbPixels.Luma(red, green, blue) * 1.5f) + Vector256.Create(127.5f);
            red = (red * kept) + (Vector256.Max(red, white) * (1 - kept)) + flakes;
            green = (green * kept) + (Vector256.Max(green, white) * (1 - kept)) + flakes;
            blue = (blue * kept) + (Vector256.Max(blue, white) * (1 - kept)) + flakes;
        }
    }
}
