using System.Runtime.Intrinsics;

namespace AuditKit.Imaging.Corruptions;

/// <summary>The saturation of HSV, S = 1 − min(R, G, B)/V, scaled and raised: paler or more colourful.</summary>
/// <param name="severity">1 to 5.</param>
public sealed class Saturate(int severity)
    : Corruption<(double Scale, double Offset)>(
        "saturate",
        severity,
        [(0.3, 0), (0.1, 0), (1.5, 0), (2, 0.1), (2.5, 0.2)],
        [(0.3, 0), (0.1, 0), (2, 0), (5, 0.1), (20, 0.2)])
{
    /// <inheritdoc/>
    public override string Definition
        => "S of HSV replaced by a·S + b, at most 1, hue and value kept; the hue of grey is red, as usual: (a, b).";

    /// <inheritdoc/>
    public override Image Apply(Image image, CounterRandom random)
    {
        ArgumentNullException.ThrowIfNull(image);
        (double scale, double offset) = For(image);
        return RgbPixels.Transform(image, new Saturated((float)scale, (float)offset));
    }

    // With hue and value kept, what a channel lacks to V grows as S does.
    private readonly struct Saturated(float scale, float offset) : IPixelOperation
    {
        public void Apply(int pixel, ref Vector256<float> red, ref Vector256<float> green, ref Vector256<float> blue)
        {
            Vector256<float> value = Vector256.Max(Vector256.Max(red, green), blue);
            Vector256<float> range = value - Vector256.Min(Vector256.Min(red, green), blue);
            Vector256<float> grey = Vector256.Equals(range, Vector256<float>.Zero);
            Vector256<float> saturation = Vector256.ConditionalSelect(grey, Vector256<float>.Zero, range / value);
            Vector256<float> wanted = Vector256.Min((saturation * scale) + Vector256.Create(offset), Vector256<float>.One);
            Vector256<float> growth = wanted / saturation;
            Vector256<float> greyed = value * (Vector256<float>.One - wanted);
            red = Vector256.ConditionalSelect(grey, value, value - ((value - red) * growth));
            green = Vector256.ConditionalSelect(grey, greyed, value - ((value - green) * growth));
            blue = Vector256.ConditionalSelect(grey, greyed, value - ((value - blue) * growth));
        }
    }
}
