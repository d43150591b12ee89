namespace AuditKit.Imaging.Attributes;

/// <summary>
/// The colour name that most pixels of an image have. A pixel is named by hue, saturation and value (Smith, Color
/// gamut transform pairs, SIGGRAPH 1978): black below value 0.2; else white or grey below saturation 0.2, white
/// from value 0.8; else by hue.
/// </summary>
public static class DominantColour
{
    internal const string Description =
        "The most frequent colour name of the pixels: black (value < 0.2), white or grey (saturation < 0.2, white from value 0.8), else by "
            + "hue in degrees: red up to 15, orange to 45, yellow to 70, green to 165, cyan to 195, blue to 255, purple to 290, pink to 345, red.";

    // Where each hue ends, in degrees; ties between colours go to the first in this order.
    private static readonly (string Name, int End)[] Colours =
    [
        ("black", 0), ("grey", 0), ("white", 0),
        ("red", 15), ("orange", 45), ("yellow", 70), ("green", 165), ("cyan", 195), ("blue", 255), ("purple", 290), ("pink", 345),
    ];

    private const int Black = 0, Grey = 1, White = 2, Red = 3;

    /// <summary>One of black, grey, white, red, orange, yellow, green, cyan, blue, purple, pink.</summary>
    public static string Of(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        Span<int> counts = stackalloc int[Colours.Length];
        counts.Clear();
        ReadOnlySpan<byte> samples = image.Samples;
        for (int i = 0; i < samples.Length; i += image.Channels)
        {
            counts[image.Channels == 1
                ? Classify(samples[i], samples[i], samples[i])
                : Classify(samples[i], samples[i + 1], samples[i + 2])]++;
        }

        int most = 0;
        for (int colour = 1; colour < counts.Length; colour++)
        {
            most = counts[colour] > counts[most] ? colour : most;
        }

        return Colours[most].Name;
    }

    // In whole numbers: value = max / 255, saturation = chroma / max, hue = 60°·(sector + difference / chroma).
    private static int Classify(int r, int g, int b)
    {
        int max = Math.Max(r, Math.Max(g, b));
        int chroma = max - Math.Min(r, Math.Min(g, b));
        if (5 * max < 255)
        {
            return Black;
        }

        if (5 * chroma < max)
        {
            return 5 * max >= 4 * 255 ? White : Grey;
        }

        (int sector, int difference) = max == r ? (0, g - b) : max == g ? (2, b - r) : (4, r - g);
        int scaledHue = 60 * ((sector * chroma) + difference);
        scaledHue = scaledHue < 0 ? scaledHue + (360 * chroma) : scaledHue;
        for (int colour = Red; colour < Colours.Length; colour++)
        {
            if (scaledHue < Colours[colour].End * chroma)
            {
                return colour;
            }
        }

        return Red;
    }
}
