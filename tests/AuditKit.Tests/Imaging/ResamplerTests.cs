using System.Globalization;
using System.Security.Cryptography;
using AuditKit.Imaging;

namespace AuditKit.Tests.Imaging;

public sealed class ResamplerTests
{
    public static TheoryData<string> Filters => ["box", "bilinear", "hamming", "bicubic", "lanczos"];

    [Theory]
    [MemberData(nameof(Filters))]
    public void Results_equal_Pillow_sample_for_sample(string filter)
    {
        // pillow-resize.txt: Pillow 9.4's Image.resize of Synthetic.Noise. A line holds channels, width, height, new
        // width, new height, filter, box ("-" for none) and the first 16 digits of the result's SHA-256.
        string[][] lines = [.. File.ReadLines(Path.Combine(Repository.Root, "tests/AuditKit.Tests/Imaging/pillow-resize.txt"))
            .Select(line => line.Split(' ')).Where(fields => fields[5] == filter)];
        Assert.Equal(46, lines.Length);
        Assert.Empty(lines.Where(fields => Hash(Resize(fields)) != fields[7]).Select(fields => string.Join(' ', fields)));
    }

    [Theory]
    [MemberData(nameof(Filters))]
    public void Vectorised_passes_equal_a_slow_scalar_reference(string filter)
    {
        CounterRandom random = CounterRandom.For(1, filter, 0);
        for (int trial = 0; trial < 60; trial++)
        {
            Image source = Synthetic.Noise(1 + random.NextInt32(40), 1 + random.NextInt32(40), trial % 2 == 0 ? 1 : 3);
            (int width, int height) = (1 + random.NextInt32(40), 1 + random.NextInt32(40));
            Image fast = Resampler.Resize(source, width, height, Filter(filter));
            Image slow = ScalarResampler.Resize(source, width, height, Filter(filter));
            Assert.Equal(slow.Samples, fast.Samples);
        }
    }

    [Fact]
    public void A_plain_area_keeps_its_level_at_every_size_and_filter()
    {
        var source = new Image(13, 11, 3);
        Array.Fill(source.Samples, (byte)201);
        foreach (string filter in Filters.Select(row => row.Data))
        {
            Assert.All(Resampler.Resize(source, 5, 29, Filter(filter)).Samples, sample => Assert.Equal(201, sample));
        }
    }

    [Fact]
    public void Halving_with_the_box_filter_is_the_rounded_mean_along_each_axis()
    {
        Image source = Synthetic.Noise(10, 8, 1);
        Image half = Resampler.Resize(source, 5, 4, ResampleFilter.Box);
        for (int y = 0; y < 4; y++)
        {
            for (int x = 0; x < 5; x++)
            {
                int upper = (source[2 * y, 2 * x, 0] + source[2 * y, (2 * x) + 1, 0] + 1) / 2;
                int lower = (source[(2 * y) + 1, 2 * x, 0] + source[(2 * y) + 1, (2 * x) + 1, 0] + 1) / 2;
                Assert.Equal((upper + lower + 1) / 2, half[y, x, 0]);
            }
        }
    }

    [Fact]
    public void The_same_size_is_a_copy()
    {
        Image source = Synthetic.Noise(9, 7, 3);
        Image copy = Resampler.Resize(source, 9, 7, ResampleFilter.Lanczos);
        Assert.Equal(source.Samples, copy.Samples);
        Assert.NotSame(source.Samples, copy.Samples);
    }

    [Fact]
    public void Threads_that_share_the_weights_get_what_one_thread_gets()
    {
        Image source = Synthetic.Noise(33, 21, 3);
        string[] alone = [.. Enumerable.Range(1, 300).Select(size => Hash(Resampler.Resize(source, size, 301 - size, ResampleFilter.Bicubic)))];
        string[] together = new string[600];
        Parallel.For(0, 600, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
            together[i] = Hash(Resampler.Resize(source, (i % 300) + 1, 300 - (i % 300), ResampleFilter.Bicubic)));
        Assert.Equal([.. alone, .. alone], together);
    }

    [Theory]
    [InlineData(0, 0, 0, 5)]
    [InlineData(-1, 0, 5, 5)]
    [InlineData(0, 0, 5, 8.5f)]
    [InlineData(3, 0, 2, 5)]
    [InlineData(float.NaN, 0, 5, 5)]
    public void A_box_that_is_empty_or_leaves_the_image_is_refused(float left, float top, float right, float bottom)
        => Assert.Throws<ArgumentException>("box", () => Resampler.Resize(
            new Image(8, 8, 1), 4, 4, ResampleFilter.Box, new ResampleBox(left, top, right, bottom)));

    private static Image Resize(string[] fields)
    {
        Image source = Synthetic.Noise(Number(fields[1]), Number(fields[2]), Number(fields[0]));
        float[] edges = fields[6] == "-" ? [] : [.. fields[6].Split(',').Select(edge => float.Parse(edge, CultureInfo.InvariantCulture))];
        return Resampler.Resize(source, Number(fields[3]), Number(fields[4]), Filter(fields[5]),
            edges is [var left, var top, var right, var bottom] ? new ResampleBox(left, top, right, bottom) : null);
    }

    private static ResampleFilter Filter(string name) => name switch
    {
        "box" => ResampleFilter.Box,
        "bilinear" => ResampleFilter.Bilinear,
        "hamming" => ResampleFilter.Hamming,
        "bicubic" => ResampleFilter.Bicubic,
        _ => ResampleFilter.Lanczos,
    };

    private static string Hash(Image image) => Convert.ToHexStringLower(SHA256.HashData(image.Samples))[..16];

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
