using AuditKit.Imaging;
using AuditKit.Imaging.Corruptions;

namespace AuditKit.Tests.Imaging.Corruptions;

/// <summary>The vectorised kernels against a scalar reference in double precision.</summary>
public sealed class KernelTests
{
    [Theory]
    [InlineData("Nearest", "aaaaabcdddd")]
    [InlineData("Reflect", "dcbaabcddcb")]
    [InlineData("Mirror", "cdcbabcdcba")]
    public void Borders_repeat_or_reflect(string border, string expected)
    {
        // From four before to three behind; the mirror repeats with a period of six, the reflection with eight.
        string actual = string.Concat(Enumerable.Range(-4, 11).Select(i => "abcd"[Enum.Parse<Border>(border).Inside(i, 4)]));
        Assert.Equal(expected, actual);
        for (int i = -40; i < 40; i++)
        {
            Assert.Equal(0, Enum.Parse<Border>(border).Inside(i, 1));
            Assert.InRange(Enum.Parse<Border>(border).Inside(i, 3), 0, 2);
        }
    }

    [Theory]
    [InlineData(32, 32, 3)]
    [InlineData(11, 9, 1)]
    [InlineData(45, 7, 3)]
    [InlineData(3, 2, 3)]
    [InlineData(1, 1, 1)]
    public void A_correlation_is_the_sum_of_shifted_copies(int width, int height, int channels)
    {
        var random = CounterRandom.For(5, "taps", 0);
        Tap[] taps = [.. Enumerable.Range(0, 12).Select(_ => new Tap(random.NextInt32(15) - 9, random.NextInt32(13) - 4, (float)random.NextNormal()))];
        float[] image = Floats(width, height, channels);
        foreach (Border border in Enum.GetValues<Border>())
        {
            float[] actual = new float[image.Length];
            Correlation.Apply(image, width, height, channels, taps, border, actual);
            for (int i = 0; i < image.Length; i++)
            {
                (int x, int y, int c) = (i / channels % width, i / channels / width, i % channels);
                double expected = taps.Sum(tap => (double)tap.Weight
                    * image[(((border.Inside(y + tap.Y, height) * width) + border.Inside(x + tap.X, width)) * channels) + c]);
                Assert.Equal(expected, actual[i], 2e-3);
            }

            Correlation.Apply(image, width, height, channels, taps, border, image);
            Assert.Equal(actual, image);
            image = Floats(width, height, channels);
        }
    }

    [Theory]
    [InlineData(0.05, 4)]
    [InlineData(0.7, 4)]
    [InlineData(6.4, 3)]
    [InlineData(40, 3)]
    public void A_Gaussian_blur_is_separable_normalised_and_cut_off(double sigma, double truncate)
    {
        const int width = 23, height = 14;
        float[] image = Floats(width, height, 1), blurred = [.. image];
        GaussianKernel.Of(sigma, truncate).Blur(blurred, width, height, 1, Border.Reflect);
        int radius = (int)((sigma * truncate) + 0.5);
        double[] kernel = [.. Enumerable.Range(-radius, (2 * radius) + 1).Select(x => Math.Exp(-x * x / (2 * sigma * sigma)))];
        double sum = kernel.Sum();
        for (int i = 0; i < image.Length; i++)
        {
            double expected = 0;
            for (int dy = -radius; dy <= radius; dy++)
            {
                int y = Border.Reflect.Inside((i / width) + dy, height);
                for (int dx = -radius; dx <= radius; dx++)
                {
                    expected += kernel[dx + radius] * kernel[dy + radius] / (sum * sum) * image[(y * width) + Border.Reflect.Inside((i % width) + dx, width)];
                }
            }

            Assert.Equal(expected, blurred[i], 1e-3);
        }
    }

    [Theory]
    [InlineData(32, 32, 3, 1)]
    [InlineData(32, 32, 3, 1.25)]
    [InlineData(33, 20, 3, 1.06)]
    [InlineData(32, 32, 1, 2.25)]
    [InlineData(17, 9, 1, 4.5)]
    [InlineData(2, 1, 3, 1.5)]
    public void A_zoom_keeps_the_ends_of_the_centre_and_trims_what_is_too_much(int width, int height, int channels, double factor)
    {
        float[] image = Floats(width, height, channels);
        float[] sum = [.. Enumerable.Repeat(7f, image.Length)];
        ClippedZoom.Add(image, width, height, channels, factor, sum);
        for (int i = 0; i < image.Length; i++)
        {
            (double x, double y, int c) = (Place(i / channels % width, width), Place(i / channels / width, height), i % channels);
            Assert.Equal(7 + Bilinear(image, width, height, channels, x, y, c, Border.Nearest), sum[i], 2e-3);
        }

        double Place(int i, int length)
        {
            int cut = (int)Math.Ceiling(length / factor);
            int enlarged = (int)Math.Round(cut * factor);
            return ((length - cut) / 2) + ((i + ((enlarged - length) / 2)) * (cut - 1.0) / Math.Max(1, enlarged - 1));
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    public void A_warp_interpolates_and_looks_beyond_the_border(int channels)
    {
        const int width = 19, height = 12;
        float[] image = Floats(width, height, channels);
        var random = CounterRandom.For(5, "warp", 0);
        float[] columns = new float[width * height], rows = new float[width * height];
        random.FillUniform(columns, -30, 50);
        random.FillUniform(rows, -30, 50);
        foreach (Border border in Enum.GetValues<Border>())
        {
            float[] warped = new float[image.Length + Warp.Slack];
            Warp.Apply([.. image, 0], width, height, channels, columns, rows, border, warped);
            for (int i = 0; i < image.Length; i++)
            {
                Assert.Equal(Bilinear(image, width, height, channels, columns[i / channels], rows[i / channels], i % channels, border), warped[i], 2e-3);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(77)]
    public void Levels_are_widened_clipped_and_cut_off(int count)
    {
        byte[] samples = Synthetic.Noise(count, 1, 1).Samples;
        float[] values = new float[count];
        Levels.ToFloats(samples, values);
        Assert.Equal(samples.Select(sample => (float)sample), values);
        byte[] back = new byte[count];
        Levels.FromFloats(values, back);
        Assert.Equal(samples, back);
        Assert.Equal(samples.Max(), Levels.Max(samples));

        float[] wild = [.. values.Select((value, i) => ((value - 128) * 3) + (i / 7f))];
        Levels.FromFloats(wild, back);
        Assert.Equal(wild.Select(value => (byte)Math.Clamp(value + (1f / 1024), 0, 255)), back);
        Levels.FromFloats(wild, back, Levels.Nearest);
        Assert.Equal(wild.Select(value => (byte)Math.Clamp(value + 0.5f, 0, 255)), back);

        float[] cut = [.. wild];
        Levels.Cut(cut, 40);
        Assert.Equal(wild.Select(value => value < 40 ? 0 : value), cut);
        Levels.Scale(cut, 0.5f);
        Levels.Add(wild, cut);
        Assert.Equal(wild.Select(value => (value < 40 ? 0 : value * 0.5f) + value), cut);
    }

    [Fact]
    public void Enlarging_for_pixelation_is_Pillows_box_filter_at_any_size()
    {
        for (int length = 1; length <= 70; length++)
        {
            for (int small = 1; small <= length; small++)
            {
                Image image = Synthetic.Noise(small, 3, 1 + (2 * (small % 2)));
                Assert.Equal(Resampler.Resize(image, length, 5, ResampleFilter.Box).Samples, Pixelate.Enlarge(image, length, 5).Samples);
            }
        }
    }

    // ImageMagick 6.9's motion blur of Synthetic.Noise(32, 32, 3), called through python3-wand as the published code
    // calls it: samples 0, 461, 922 … (modulo 3072).
    [Theory]
    [InlineData(6, 2, -20, "9c5e2e97769a8b54a07f538bb1a8a7906bb74388675ca7a6ab81507c7666908c8671ad46687f6488a68ca16f69ae9c66c4a38d61867d6945d9a8b876")]
    [InlineData(9, 2.5, 44, "37a2518c7145c3789abb946eda81a16253c691456861918d647c8089b974d3357482ae7041858e5bb178d57064a7757db5c6a492967e90947287bc60")]
    [InlineData(10, 4, -120, "2b596db1739f8a868c5da0848aa38b6b9d776e692763a66c86547665824f799b7e79536f65816989629aa3656553ab8a8a7c7bbca87072638db07875")]
    public void Motion_is_smeared_as_ImageMagick_does(int radius, double sigma, double degrees, string expected)
    {
        byte[] smeared = Motion.Smear(Synthetic.Noise(32, 32, 3), radius, sigma, degrees).Samples;
        byte[] values = Convert.FromHexString(expected);
        Assert.All(values.Index(), value => Assert.InRange(smeared[value.Index * 461 % 3072] - value.Item, -1, 1));
    }

    private static float[] Floats(int width, int height, int channels)
        => [.. Synthetic.Noise(width, height, channels).Samples.Select(sample => (float)sample)];

    private static double Bilinear(float[] image, int width, int height, int channels, double x, double y, int c, Border border)
    {
        (int left, int top) = ((int)Math.Floor(x), (int)Math.Floor(y));
        (double right, double down) = (x - left, y - top);
        return ((1 - down) * (((1 - right) * At(left, top)) + (right * At(left + 1, top))))
            + (down * (((1 - right) * At(left, top + 1)) + (right * At(left + 1, top + 1))));

        double At(int column, int row) => image[(((border.Inside(row, height) * width) + border.Inside(column, width)) * channels) + c];
    }
}
