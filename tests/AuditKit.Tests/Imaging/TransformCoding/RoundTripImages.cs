using AuditKit.Imaging;

namespace AuditKit.Tests.Imaging.TransformCoding;

/// <summary>Images that a codec may get wrong, by name, and sizes about those of its blocks.</summary>
internal static class RoundTripImages
{
    public static readonly string[] Kinds = ["noise", "saturated", "checkerboard", "stripes", "ramps", "scene"];

    public static readonly (int Width, int Height)[] Sizes =
    [
        (1, 1), (1, 2), (2, 1), (1, 9), (1, 40), (40, 1), (2, 2), (2, 17), (3, 3), (4, 7), (5, 4), (7, 8), (8, 7), (8, 8), (9, 9),
        (15, 16), (16, 15), (16, 16), (17, 17), (24, 33), (31, 31), (32, 32), (33, 18), (49, 64),
    ];

    public static Image Make(string kind, int width, int height, int channels)
    {
        Image noise = Synthetic.Noise(width, height, channels);
        return kind switch
        {
            "noise" => noise,
            "saturated" => Map(noise, (i, _, _, _) => noise.Samples[i] < 128 ? 0 : 255),
            "checkerboard" => Map(noise, (_, y, x, c) => 255 * ((x + y + (c / 2)) % 2)),
            "stripes" => Map(noise, (_, y, x, c) => 255 * (((c == 1 ? y : x) / 2 % 2) ^ (y / 9 % 2))),
            "ramps" => Samples.Pattern(width, height, channels),
            "scene" => Synthetic.Scene(width, height, channels),
            _ => throw new ArgumentException($"'{kind}' is no kind of image.", nameof(kind)),
        };
    }

    private static Image Map(Image size, Func<int, int, int, int, int> sample)
    {
        var image = new Image(size.Width, size.Height, size.Channels);
        for (int i = 0; i < image.Samples.Length; i++)
        {
            int pixel = i / image.Channels;
            image.Samples[i] = (byte)sample(i, pixel / image.Width, pixel % image.Width, i % image.Channels);
        }

        return image;
    }
}
