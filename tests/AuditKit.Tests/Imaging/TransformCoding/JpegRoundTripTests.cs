using System.Security.Cryptography;
using AuditKit.Imaging;
using AuditKit.Imaging.TransformCoding;

namespace AuditKit.Tests.Imaging.TransformCoding;

public sealed class JpegRoundTripTests
{
    private const int Qualities = 100;

    private static string DigestFile { get; } =
        Path.Combine(Repository.Root, "tests", "AuditKit.Tests", "Imaging", "TransformCoding", "round-trips.csv");

    public static TheoryData<string, int> Kinds()
    {
        var rows = new TheoryData<string, int>();
        foreach (string kind in RoundTripImages.Kinds)
        {
            rows.Add(kind, 1);
            rows.Add(kind, 3);
        }

        return rows;
    }

    public static TheoryData<string, int, string> Digests()
    {
        var rows = new TheoryData<string, int, string>();
        foreach (string[] cells in File.ReadLines(DigestFile).Select(line => line.Split(',')))
        {
            rows.Add(cells[0], int.Parse(cells[1]), cells[2]);
        }

        return rows;
    }

    public static TheoryData<int, int, string> Encoded()
    {
        var rows = new TheoryData<int, int, string>();
        foreach (string[] cells in Samples.Table("encoded.csv"))
        {
            rows.Add(int.Parse(cells[0]), int.Parse(cells[1]), cells[2]);
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Encoded))]
    public void The_libjpeg_turbo_that_is_compared_with_writes_the_files_of_Pillow(int channels, int quality, string digest)
    {
        Assert.SkipUnless(TurboJpeg.IsPresent, TurboJpeg.Missing);
        Assert.Equal(digest, Samples.Digest(TurboJpeg.Encode(Samples.Pattern(33, 29, channels), quality)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Pixels_equal_those_of_libjpeg_turbo_at_every_quality(string kind, int channels)
    {
        Assert.SkipUnless(TurboJpeg.IsPresent, TurboJpeg.Missing);
        foreach ((int width, int height) in RoundTripImages.Sizes)
        {
            Image image = RoundTripImages.Make(kind, width, height, channels);
            for (int quality = 1; quality <= Qualities; quality++)
            {
                AssertEqual(TurboJpeg.RoundTrip(image, quality), image, quality, kind);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Pixels_equal_those_of_libjpeg_turbo_at_any_size(string kind, int channels)
    {
        Assert.SkipUnless(TurboJpeg.IsPresent, TurboJpeg.Missing);
        CounterRandom random = CounterRandom.For(1, kind, channels);
        for (int i = 0; i < 60; i++)
        {
            (int width, int height) = i == 0 ? (224, 224) : (1 + random.NextInt32(300), 1 + random.NextInt32(300));
            int quality = 1 + random.NextInt32(Qualities);
            Image image = RoundTripImages.Make(kind, width, height, channels);
            AssertEqual(TurboJpeg.RoundTrip(image, quality), image, quality, kind);
        }
    }

    // SHA-256 over the pixels at qualities 1 to 100, one after the other, of every size in turn: as libjpeg-turbo 2.1.5
    // has them, for machines that are without it.
    [Theory]
    [MemberData(nameof(Digests))]
    public void Pixels_are_those_that_libjpeg_turbo_had_when_the_table_was_made(string kind, int channels, string digest)
        => Assert.Equal(digest, Digest(kind, channels, JpegRoundTrip.Apply));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Pixels_equal_those_of_the_plain_scalar_reference(string kind, int channels)
    {
        CounterRandom random = CounterRandom.For(2, kind, channels);
        foreach ((int width, int height) in (ReadOnlySpan<(int, int)>)[.. RoundTripImages.Sizes, (61, 47), (100, 75)])
        {
            Image image = RoundTripImages.Make(kind, width, height, channels);
            foreach (int quality in (int[])[1, 1 + random.NextInt32(Qualities), 1 + random.NextInt32(Qualities), 100])
            {
                AssertEqual(ScalarJpegRoundTrip.Apply(image, quality), image, quality, kind);
            }
        }
    }

    [Fact]
    public void Many_threads_give_the_pixels_of_one()
    {
        Image[] images = [.. Enumerable.Range(1, 96).Select(i => Samples.Pattern(i, 97 - i, i % 2 == 0 ? 1 : 3))];
        byte[][] alone = [.. images.Select((image, i) => JpegRoundTrip.Apply(image, 1 + i).Samples)];
        var together = new byte[images.Length][];

        Parallel.For(0, images.Length, i => together[i] = JpegRoundTrip.Apply(images[i], 1 + i).Samples);

        Assert.Equal(alone, together);
    }

    [Fact]
    public void The_original_is_not_changed()
    {
        Image image = Synthetic.Noise(37, 21, 3);
        byte[] before = [.. image.Samples];
        _ = JpegRoundTrip.Apply(image, 10);
        Assert.Equal(before, image.Samples);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_call_allocates_its_result_and_no_more(int channels)
    {
        Image image = Synthetic.Noise(40, 30, channels);
        _ = JpegRoundTrip.Apply(image, 50);
        long before = GC.GetAllocatedBytesForCurrentThread();
        _ = JpegRoundTrip.Apply(image, 50);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, image.Samples.Length, image.Samples.Length + 100);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    [InlineData(-1)]
    public void A_quality_outside_1_to_100_is_refused(int quality)
        => Assert.Throws<ArgumentOutOfRangeException>(() => JpegRoundTrip.Apply(new Image(8, 8, 1), quality));

    private static void AssertEqual(Image expected, Image image, int quality, string kind)
    {
        Image actual = JpegRoundTrip.Apply(image, quality);
        int at = expected.Samples.AsSpan().CommonPrefixLength(actual.Samples);
        if (at < expected.Samples.Length || actual.Samples.Length != at)
        {
            Assert.Fail($"{kind}, {image.Width}×{image.Height}×{image.Channels}, quality {quality}: differs at sample {at}.");
        }
    }

    private static string Digest(string kind, int channels, Func<Image, int, Image> roundTrip)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((int width, int height) in RoundTripImages.Sizes)
        {
            Image image = RoundTripImages.Make(kind, width, height, channels);
            for (int quality = 1; quality <= Qualities; quality++)
            {
                hash.AppendData(roundTrip(image, quality).Samples);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
