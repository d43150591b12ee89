using System.Runtime.Intrinsics;

namespace AuditKit.Imaging.Corruptions;

/// <summary>A plasma fractal mixed in, the brightest level kept.</summary>
/// <param name="severity">1 to 5.</param>
public sealed class Fog(int severity)
    : Corruption<(double Thickness, double Decay)>(
        "fog",
        severity,
        [(0.2, 3), (0.5, 3), (0.75, 2.5), (1, 2), (1.5, 1.75)],
        [(1.5, 2), (2, 2), (2.5, 1.7), (2.5, 1.5), (3, 1.4)])
{
    /// <inheritdoc/>
    public override string Definition
        => "t·P added, P in [0, 1] a plasma fractal by the diamond–square algorithm whose noise shrinks by d² a round, and scaled by m/(m + "
            + "t), m the image's largest sample: (t, d).";

    /// <inheritdoc/>
    public override Image Apply(Image image, CounterRandom random)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(random);
        (double thickness, double decay) = For(image);
        int side = Math.Max(2, Plasma.Side(image.Width, image.Height));
        using var map = new Scratch<float>(side * side);
        Plasma.Fill(map.Span, side, decay, random);

        // The map's upper left corner, row behind row as the image's pixels are.
        using var fog = new Scratch<float>((image.Width * image.Height) + RgbPixels.Block);
        for (int y = 0; y < image.Height; y++)
        {
            map.Span.Slice(y * side, image.Width).CopyTo(fog.Span[(y * image.Width)..]);
        }

        double brightest = Levels.Max(image.Samples) / 255.0;
        double scale = brightest / (brightest + thickness);
        return RgbPixels.Transform(image, new Mixed(fog.Span, (float)(255 * thickness), (float)scale));
    }

    private readonly ref struct Mixed(ReadOnlySpan<float> fog, float thickness, float scale) : IPixelOperation
    {
        private readonly ReadOnlySpan<float> _fog = fog;

        public void Apply(int pixel, ref Vector256<float> red, ref Vector256<float> green, ref Vector256<float> blue)
        {
            Vector256<float> added = Vector256.Create(_fog[pixel..]) * thickness;
            red = (red + added) * scale;
            green = (green + added) * scale;
            blue = (blue + added) * scale;
        }
    }
}
