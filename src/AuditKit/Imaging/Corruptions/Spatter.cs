using System.Runtime.Intrinsics;

namespace AuditKit.Imaging.Corruptions;

/// <summary>Drops of water or mud on the lens.</summary>
/// <param name="severity">1 to 5.</param>
public sealed class Spatter(int severity)
    : Corruption<(double Mean, double Deviation, double Sigma, double Threshold, double Strength, bool Mud)>(
        "spatter",
        severity,
        [
            (0.62, 0.1, 0.7, 0.7, 0.5, false),
            (0.65, 0.1, 0.8, 0.7, 0.5, false),
            (0.65, 0.3, 1, 0.69, 0.5, false),
            (0.65, 0.1, 0.7, 0.69, 0.6, true),
            (0.65, 0.1, 0.5, 0.68, 0.6, true),
        ],
        [
            (0.65, 0.3, 4, 0.69, 0.6, false),
            (0.65, 0.3, 3, 0.68, 0.6, false),
            (0.65, 0.3, 2, 0.68, 0.5, false),
            (0.65, 0.3, 1, 0.65, 1.5, true),
            (0.67, 0.4, 1, 0.65, 1.5, true),
        ])
{
    /// <inheritdoc/>
    public override string Definition
        => "Liquid: normal noise (mean, deviation) blurred by σ pixels, zero below t. Water, shaded by the distance to its edges (Canny, "
            + "distance transform, equalised histogram, embossed), is added in pale turquoise with strength s; mud, where the liquid blurred "
            + "by s pixels is above 0.8, covers the image in brown: (mean, deviation, σ, t, s, mud).";

    /// <inheritdoc/>
    public override Image Apply(Image image, CounterRandom random)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(random);
        (double mean, double deviation, double sigma, double threshold, double strength, bool mud) = For(image);
        using var layer = new Scratch<float>((image.Width * image.Height) + RgbPixels.Block);
        Span<float> liquid = layer.Span[..^RgbPixels.Block];
        random.FillNormal(liquid, 255 * (float)mean, 255 * (float)deviation);
        GaussianKernel.Of(sigma).Blur(liquid, image.Width, image.Height, 1);
        Levels.Cut(liquid, 255 * (float)threshold);
        if (mud)
        {
            Thicken(liquid, image.Width, image.Height, strength);
            return RgbPixels.Transform(image, new Covered(layer.Span));
        }

        Shade(liquid, image.Width, image.Height, strength);
        return RgbPixels.Transform(image, new Wetted(layer.Span));
    }

    // From liquid to how much of a pixel is mud, in [0, 1].
    internal static void Thicken(Span<float> liquid, int width, int height, double sigma)
    {
        foreach (ref float value in liquid)
        {
            value = value > 0 ? 1 : 0;
        }

        GaussianKernel.Of(sigma).Blur(liquid, width, height, 1);
        Levels.Cut(liquid, 0.8f);
    }

    // From liquid to how bright water is, in [0, strength].
    internal static void Shade(Span<float> liquid, int width, int height, double strength)
    {
        var levels = new Image(width, height, 1);
        Levels.FromFloats(liquid, levels.Samples);
        float[] distance = ChamferDistance.From(Canny.Edges(levels, 50, 150), width);
        for (int i = 0; i < distance.Length; i++)
        {
            distance[i] = Math.Min(distance[i], 20);
        }

        var relief = new Image(width, height, 1);
        Correlation.Apply(distance, width, height, 1, Mean, Border.Mirror, distance);
        Levels.FromFloats(distance, relief.Samples);
        Equalise(relief.Samples);
        Levels.ToFloats(relief.Samples, distance);
        Correlation.Apply(distance, width, height, 1, Emboss, Border.Mirror, distance);
        Levels.FromFloats(distance, relief.Samples, Levels.Nearest);
        Levels.ToFloats(relief.Samples, distance);
        Correlation.Apply(distance, width, height, 1, Mean, Border.Mirror, distance);
        Levels.FromFloats(distance, relief.Samples, Levels.Nearest);

        float brightest = 0;
        for (int i = 0; i < liquid.Length; i++)
        {
            liquid[i] = levels.Samples[i] * relief.Samples[i];
            brightest = Math.Max(brightest, liquid[i]);
        }

        Levels.Scale(liquid, brightest > 0 ? (float)strength / brightest : 0);
    }

    private static Tap[] Mean { get; } =
        [.. from y in Enumerable.Range(-1, 3) from x in Enumerable.Range(-1, 3) select new Tap(x, y, 1f / 9)];

    private static Tap[] Emboss { get; } =
        [new(-1, -1, -2), new(0, -1, -1), new(-1, 0, -1), new(0, 0, 1), new(1, 0, 1), new(0, 1, 1), new(1, 1, 2)];

    // Levels to their ranks: the darkest one becomes 0, the others their share of the remaining pixels.
    private static void Equalise(byte[] samples)
    {
        int[] counts = new int[256];
        foreach (byte sample in samples)
        {
            counts[sample]++;
        }

        int darkest = Array.FindIndex(counts, count => count > 0);
        int others = samples.Length - counts[darkest];
        if (others == 0)
        {
            return;
        }

        byte[] ranks = new byte[256];
        for ((int level, int sum) = (darkest + 1, 0); level < 256; level++)
        {
            sum += counts[level];
            ranks[level] = (byte)Math.Round(sum * (255f / others), MidpointRounding.ToEven);
        }

        foreach (ref byte sample in samples.AsSpan())
        {
            sample = ranks[sample];
        }
    }

    private readonly ref struct Wetted(ReadOnlySpan<float> water) : IPixelOperation
    {
        private readonly ReadOnlySpan<float> _water = water;

        public void Apply(int pixel, ref Vector256<float> red, ref Vector256<float> green, ref Vector256<float> blue)
        {
            Vector256<float> water = Vector256.Create(_water[pixel..]);
            red += water * 175f;
            green += water * 238f;
            blue += water * 238f;
        }
    }

    private readonly ref struct Covered(ReadOnlySpan<float> mud) : IPixelOperation
    {
        private readonly ReadOnlySpan<float> _mud = mud;

        public void Apply(int pixel, ref Vector256<float> red, ref Vector256<float> green, ref Vector256<float> blue)
        {
            Vector256<float> mud = Vector256.Create(_mud[pixel..]);
            Vector256<float> clear = Vector256<float>.One - mud;
            red = (red * clear) + (mud * 63f);
            green = (green * clear) + (mud * 42f);
            blue = (blue * clear) + (mud * 20f);
        }
    }
}
