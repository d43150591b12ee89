using AuditKit.Imaging;
using AuditKit.Imaging.Augmentations;

namespace AuditKit.Tests.Imaging.Augmentations;

/// <summary>Held against the definition, spelt out: an image that is really padded by reflection, and the cubic kernel by its formula.</summary>
public sealed class ReflectedAffineTests
{
    private static readonly Image s_image = Noise(9, 7, 3);

    [Theory]
    [InlineData(0.37, false)]
    [InlineData(-0.75, false)]
    [InlineData(0.75, true)]
    [InlineData(-0.11, true)]
    public void Shears_are_those_of_a_padded_image(double shear, bool fromFar)
    {
        // Half a pixel is a pixel's centre; the far edge is the image's height or width away.
        Same((x, y) => (x + (shear * (fromFar ? 7 - (y + 0.5) : y + 0.5)), y), ReflectedAffine.ShearX(s_image, shear, fromFar));
        Same((x, y) => (x, y + (shear * (fromFar ? 9 - (x + 0.5) : x + 0.5))), ReflectedAffine.ShearY(s_image, shear, fromFar));
    }

    [Theory]
    [InlineData(13.3)]
    [InlineData(-60)]
    public void A_rotation_is_counter_clockwise_about_the_centre_of_a_padded_image(double degrees)
    {
        // Seen with y upwards, a point that is turned by +a came from where −a leads.
        (double sine, double cosine) = Math.SinCos(degrees * Math.PI / 180);
        Same((x, y) =>
        {
            (double right, double up) = (x - 4, 3 - y);
            return (4 + (cosine * right) + (sine * up), 3 - ((cosine * up) - (sine * right)));
        }, ReflectedAffine.Rotate(s_image, degrees));
    }

    [Fact]
    public void A_quarter_turn_of_a_square_moves_every_pixel_to_a_pixel()
    {
        Image image = Noise(5, 5, 1);
        Image turned = ReflectedAffine.Rotate(image, 90);
        for (int i = 0; i < 25; i++)
        {
            Assert.Equal(image.Samples[(i % 5 * 5) + 4 - (i / 5)], turned.Samples[i]);
        }
    }

    [Fact]
    public void A_translation_shows_the_mirrored_rest_by_whole_pixels()
    {
        var row = new Image(5, 1, 1, [10, 20, 30, 40, 50]);
        Assert.Equal([30, 40, 50, 40, 30], ReflectedAffine.Translate(row, 1.6, 0).Samples);
        Assert.Equal([30, 20, 10, 20, 30], ReflectedAffine.Translate(row, -2.4, 0).Samples);
        Assert.Equal([30, 20, 10, 20, 30], ReflectedAffine.Translate(new Image(1, 5, 1, row.Samples), 0, -2.4).Samples);
        Assert.Equal([7, 8, 9], ReflectedAffine.Translate(new Image(1, 1, 3, [7, 8, 9]), 3, 3).Samples);
    }

    // Where pixel (x, y) of the result comes from, in whole pixels of the original.
    private static void Same(Func<int, int, (double X, double Y)> source, Image actual)
    {
        const int Padding = 16;
        for (int y = 0; y < s_image.Height; y++)
        {
            for (int x = 0; x < s_image.Width; x++)
            {
                (double sourceX, double sourceY) = source(x, y);
                for (int c = 0; c < 3; c++)
                {
                    double level = 0;
                    for (int v = -Padding; v < s_image.Height + Padding; v++)
                    {
                        for (int u = -Padding; u < s_image.Width + Padding; u++)
                        {
                            level += Cubic(sourceX - u) * Cubic(sourceY - v) * Padded(u, v, c);
                        }
                    }

                    // Levels are cut to whole ones; next to a whole level, rounding may go either way.
                    double expected = Math.Clamp(level, 0, 255);
                    Assert.InRange(actual.Samples[(((y * 9) + x) * 3) + c], Math.Floor(expected - 1e-5), Math.Floor(expected + 1e-5));
                }
            }
        }
    }

    private static double Padded(int x, int y, int c) => s_image.Samples[(((Mirrored(y, 7) * 9) + Mirrored(x, 9)) * 3) + c];

    private static int Mirrored(int position, int side)
    {
        while (position < 0 || position >= side)
        {
            position = position < 0 ? -position : (2 * (side - 1)) - position;
        }

        return position;
    }

    // Keys' kernel with a = −1.
    private static double Cubic(double t) => Math.Abs(t) switch
    {
        <= 1 and var d => (Math.Pow(d, 3)) - (2 * d * d) + 1,
        < 2 and var d => -Math.Pow(d, 3) + (5 * d * d) - (8 * d) + 4,
        _ => 0,
    };

    private static Image Noise(int width, int height, int channels)
    {
        var random = CounterRandom.For(5, "noise", width);
        return new(width, height, channels, [.. Enumerable.Range(0, width * height * channels).Select(_ => (byte)random.NextInt32(256))]);
    }
}
