using System.Runtime.Intrinsics;

namespace AuditKit.Imaging.Corruptions;

/// <summary>The value of HSV, V = max(R, G, B), raised by a constant: daylight.</summary>
/// <param name="severity">1 to 5.</param>
public sealed class Brightness(int severity)
    : Corruption<double>("brightness", severity, [0.05, 0.1, 0.15, 0.2, 0.3], [0.1, 0.2, 0.3, 0.4, 0.5])
{
    /// <inheritdoc/>
    public override string Definition => "V of HSV raised by c, V in [0, 1], hue and saturation kept.";

    /// <inheritdoc/>
    public override Image Apply(Image image, CounterRandom random)
    {
        ArgumentNullException.ThrowIfNull(image);
        return RgbPixels.Transform(image, new Raised(255 * (float)For(image)));
    }

    // With hue and saturation kept, all three channels grow as V does.
    private readonly struct Raised(float amount) : IPixelOperation
    {
        public void Apply(int pixel, ref Vector256<float> red, ref Vector256<float> green, ref Vector256<float> blue)
        {
            Vector256<float> value = Vector256.Max(Vector256.Max(red, green), blue);
            Vector256<float> raised = Levels.Clip(value + Vector256.Create(amount));
            Vector256<float> black = Vector256.Equals(value, Vector256<float>.Zero);
            Vector256<float> factor = raised / value;
            red = Vector256.ConditionalSelect(black, raised, red * factor);
            green = Vector256.ConditionalSelect(black, raised, green * factor);
            blue = Vector256.ConditionalSelect(black, raised, blue * factor);
        }
    }
}
