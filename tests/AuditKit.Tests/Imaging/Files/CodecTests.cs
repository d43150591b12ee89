using System.Formats.Tar;
using AuditKit.Imaging;
using AuditKit.Imaging.Files;
using AuditKit.Tests.Imaging.TransformCoding;

namespace AuditKit.Tests.Imaging.Files;

/// <summary>The system's libraries and the decoders that stand in for them.</summary>
public class CodecTests
{
    public static TheoryData<int, int, int, bool> PngKinds()
    {
        var rows = new TheoryData<int, int, int, bool>();
        foreach ((int type, int channels, int[] depths) in new[] { (0, 1, (int[])[1, 2, 4, 8, 16]), (2, 3, [8, 16]), (3, 1, [1, 2, 4, 8]),
            (4, 2, [8, 16]), (6, 4, [8, 16]) })
        {
            foreach (int depth in depths)
            {
                rows.Add(type, channels, depth, false);
                rows.Add(type, channels, depth, true);
            }
        }

        return rows;
    }

    public static TheoryData<string> Jpegs
        => [.. Samples.Table("expected.csv").Select(cells => cells[0]).Where(name => name.EndsWith(".jpg", StringComparison.Ordinal))];

    [Fact]
    public void This_machine_has_both_libraries()
    {
        // Tests of both paths mean nothing where the first is missing.
        Assert.SkipUnless(ImageCodecs.Here.HasTurboJpeg && ImageCodecs.Here.HasLibPng, "needs the system's libraries: apt-get install libturbojpeg0 libpng16-16");
        Assert.Equal(new ImageCodecs(HasTurboJpeg: true, HasLibPng: true), ImageCodecs.Here);
        Assert.Matches(@"^libjpeg-turbo \(libturbojpeg\S*, TurboJPEG API [23]\)$", ImageCodecs.Here.Facts[0].Value);
        Assert.Matches(@"^PNG: libpng 1\.6\.\d+; WebP, TIFF, BMP, GIF and TGA: ImageSharp 2\.1\.13;", ImageCodecs.Here.Facts[1].Value);
        Assert.Equal("ImageSharp 2.1.13", ImageCodecs.Managed.Facts[0].Value);
    }

    [Theory]
    [MemberData(nameof(PngKinds))]
    public void Every_kind_of_PNG_has_the_same_pixels_by_both_decoders(int type, int channels, int depth, bool interlaced)
    {
        const int Width = 21, Height = 13;
        var random = CounterRandom.For(7, $"{type} {depth} {interlaced}", 0);
        int[] samples = new int[Width * Height * channels];
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] = random.NextInt32(1 << depth);
        }

        byte[]? palette = type == 3 ? Samples.Pattern(1, 1 << depth, 3).Samples : null;
        byte[] file = FileWriters.PngFile(Width, Height, depth, type, samples, interlaced, palette);
        Image native = ImageFile.Decode(file, "a.png", ImageCodecs.Here);
        if (type != 3)
        {
            int colours = type is 0 or 4 ? 1 : 3, largest = (1 << depth) - 1;
            Assert.Equal(samples.Where((_, i) => i % channels < colours).Select(v => (byte)(((v * 510L) + largest) / (2 * largest))), native.Samples);
        }

        Image managed = ImageFile.Decode(file, "a.png", ImageCodecs.Managed);
        Assert.Equal((Width, Height, type is 0 or 4 ? 1 : 3), (native.Width, native.Height, native.Channels));
        Assert.Equal((native.Width, native.Height, native.Channels), (managed.Width, managed.Height, managed.Channels));
        Assert.Equal(native.Samples, managed.Samples);
    }

    [Fact]
    public void Every_sample_PNG_has_the_same_pixels_by_both_decoders()
        => Assert.All(
            Samples.Table("expected.csv").Where(cells => cells[0].EndsWith(".png", StringComparison.Ordinal)),
            cells => Assert.Equal(cells[4], Samples.Digest(ImageFile.Decode(Samples.Bytes(cells[0]), cells[0], ImageCodecs.Managed).Samples)));

    // These patterns are all detail: where colour is stored at half the size, each decoder fills in its own.
    [Theory]
    [MemberData(nameof(Jpegs))]
    public void A_JPEG_has_nearly_the_same_pixels_by_both_decoders(string name)
    {
        Image native = ImageFile.Decode(Samples.Bytes(name), name, ImageCodecs.Here),
            managed = ImageFile.Decode(Samples.Bytes(name), name, ImageCodecs.Managed);
        Assert.Equal((native.Width, native.Height, native.Channels), (managed.Width, managed.Height, managed.Channels));
        double mean = native.Samples.Zip(managed.Samples, (a, b) => Math.Abs(a - b)).Average();
        Assert.InRange(mean, 0, 15);
    }

    [Fact]
    public void Photographs_have_the_same_pixels_by_both_decoders_but_for_a_few_levels()
    {
        using FileStream archive = File.OpenRead(Repository.Shared("data/waterbirds.tar"));
        using var tar = new TarReader(archive);
        long samples = 0, differing = 0, sum = 0;
        for (int photographs = 0; photographs < 20 * 97 && tar.GetNextEntry() is { } entry;)
        {
            if (!entry.Name.EndsWith(".jpg", StringComparison.Ordinal) || photographs++ % 97 != 0)
            {
                continue;
            }

            byte[] file = new byte[entry.Length];
            entry.DataStream!.ReadExactly(file);
            foreach ((byte a, byte b) in ImageFile.Decode(file, entry.Name, ImageCodecs.Here).Samples
                .Zip(ImageFile.Decode(file, entry.Name, ImageCodecs.Managed).Samples))
            {
                samples++;
                differing += a != b ? 1 : 0;
                sum += Math.Abs(a - b);
            }
        }

        Assert.InRange(samples, 500_000, long.MaxValue);
        // Measured: 41 % of the samples differ, by 1.0 level in the mean of all, by 46 at most.
        Assert.InRange((double)differing / samples, 0.3, 0.95);
        Assert.InRange((double)sum / samples, 0.1, 3);
    }

    [Fact]
    public void A_comparison_says_when_JPEG_files_were_decoded_differently()
    {
        Assert.SkipUnless(ImageCodecs.Here.HasTurboJpeg, TurboJpeg.Missing);
        string here = ImageCodecs.Of(ImageCodecs.Here.Facts)!, managed = ImageCodecs.Of(ImageCodecs.Managed.Facts)!;
        Assert.Null(ImageCodecs.Difference(here, here));
        Assert.Null(ImageCodecs.Difference(null, here));
        Assert.Equal(
            $"The two runs decoded image files with different codecs (candidate: ImageSharp 2.1.13; baseline: {here}): pixels of JPEG files "
                + "may differ, mostly by a few levels, which adds to the differences.",
            ImageCodecs.Difference(here, managed));
    }
}
