using System.Buffers.Binary;
using System.Text;
using AuditKit.Imaging;
using AuditKit.Imaging.Files;

namespace AuditKit.Tests.Imaging.Files;

/// <summary>Files of every format, cut off and damaged: an image or one clear error, never anything else.</summary>
public class DamagedFilesTests
{
    private const long AllocationsAllowed = 400_000_000;

    private static IEnumerable<string> AllSamples => Samples.Table("expected.csv").Select(cells => cells[0]);

    public static TheoryData<string, bool> Files()
    {
        var rows = new TheoryData<string, bool>();
        foreach (string name in AllSamples)
        {
            rows.Add(name, false);
            if (name.EndsWith(".jpg", StringComparison.Ordinal) || name.EndsWith(".png", StringComparison.Ordinal))
            {
                rows.Add(name, true);
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_cut_file_is_refused_or_whole(string name, bool managed)
    {
        ImageCodecs codecs = managed ? ImageCodecs.Managed : ImageCodecs.Here;
        byte[] file = Samples.Bytes(name);
        byte[] pixels = ImageFile.Decode(file, name, codecs).Samples;
        for (int length = 0; length < file.Length; length += 1 + (file.Length / 150))
        {
            byte[] part = file[..length];
            try
            {
                // What is missing may have been a second page, or a note behind the pixels.
                Assert.Equal(pixels, ImageFile.Decode(part, name, codecs).Samples);
            }
            catch (AuditException e)
            {
                Assert.Equal(ExitCode.Error, e.ExitCode);
                Assert.StartsWith($"{name}: ", e.Message);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_damaged_file_gives_an_image_or_an_error_of_ours(string name, bool managed)
    {
        ImageCodecs codecs = managed ? ImageCodecs.Managed : ImageCodecs.Here;
        byte[] original = Samples.Bytes(name);
        var random = CounterRandom.For(2, name, managed ? 1 : 0);
        for (int trial = 0; trial < 150; trial++)
        {
            byte[] file = [.. original];
            for (int hits = 0; hits <= trial % 3; hits++)
            {
                // Headers are hit as often as everything else.
                file[random.NextInt32(trial % 2 == 0 ? Math.Min(file.Length, 80) : file.Length)] = (byte)random.NextUInt32();
            }

            long before = GC.GetAllocatedBytesForCurrentThread();
            Exception? e = Record.Exception(() => ImageFile.Decode(file, name, codecs));
            Assert.True(e is null or AuditException, e?.ToString());
            Assert.True(e is null || e.Message.StartsWith($"{name}: ", StringComparison.Ordinal));
            Assert.True(ImageFile.Frames(file, name) >= 1);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, AllocationsAllowed);
        }
    }

    [Fact]
    public void A_header_of_60000_times_60000_pixels_is_refused_in_every_format()
    {
        byte[] size = [0x60, 0xEA, 0, 0];
        (string Name, byte[] File)[] bombs =
        [
            ("a.bmp", Patched("rgb.bmp", (18, size), (22, size))),
            ("a.tga", Patched("rgb.tga", (12, size[..2]), (14, size[..2]))),
            ("a.gif", Patched("palette.gif", (6, size[..2]), (8, size[..2]))),
            ("a.ppm", [.. Encoding.ASCII.GetBytes("P6 60000 60000 255\n"), .. new byte[100]]),
            ("a.pbm", [.. Encoding.ASCII.GetBytes("P1 60000 60000\n"), .. new byte[100]]),
            ("a.tif", FileWriters.Tiff(60000, 60000, 1, 8, 1, new byte[60000])),
            ("a.webp", Webp(16383, 16383)),
            ("b.webp", Patched("animated.webp", (24, [0x5F, 0xEA, 0]), (27, [0x5F, 0xEA, 0]))),
        ];
        Assert.All(bombs, bomb =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            AuditException e = Assert.Throws<AuditException>(() => ImageFile.Decode(bomb.File, bomb.Name));
            Assert.Matches($"^{bomb.Name}: (60000×60000|16383×16383) pixels are over the limit of 50 megapixels", e.Message);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);
        });
    }

    [Theory]
    [InlineData("a.tif", "a.tif: a TIFF file of a kind that is not read: compression 4, 1 bits a sample, sample format 1.")]
    [InlineData("a.gif", "a.gif: truncated or corrupt GIF: pixels are missing, or compressed by codes that do not exist.")]
    [InlineData("a.pgm", "a.pgm: truncated or corrupt PBM, PGM or PPM: a sample is 200, more than its largest value 100.")]
    [InlineData("a.tga", "a.tga: truncated or corrupt TGA: its header is not one of TGA.")]
    [InlineData("a.bmp", "a.bmp: truncated or corrupt BMP: it has 3293 bytes where its header needs 3302.")]
    [InlineData("a.webp", "a.webp: truncated or corrupt WebP: it has 426 bytes where its header needs 432.")]
    public void The_error_says_what_is_wrong(string name, string expected)
    {
        byte[] gif = FileWriters.Gif(FileWriters.FewColours(9, 9));
        (gif[^20], gif[^21]) = (0xFF, 0xFF);
        byte[] file = name switch
        {
            "a.tif" => FileWriters.Tiff(8, 1, 1, 1, 0, [0x55], compression: 4),
            "a.gif" => gif,
            "a.pgm" => FileWriters.Netpbm(5, 2, 1, 100, [100, 200]),
            "a.tga" => [.. new byte[40]],
            "a.bmp" => Samples.Bytes("rgb.bmp")[..3293],
            _ => Samples.Bytes("lossless.webp")[..426],
        };
        Assert.Equal(expected, Assert.Throws<AuditException>(() => ImageFile.Decode(file, name)).Message);
    }

    [Fact]
    public void A_JPEG_without_its_end_is_refused_by_the_decoder_that_would_fill_it_in()
    {
        byte[] file = Samples.Bytes("rgb-420.jpg");
        AuditException e = Assert.Throws<AuditException>(() => ImageFile.Decode(file.AsSpan(0, file.Length - 2), "a.jpg", ImageCodecs.Managed));
        Assert.Equal("a.jpg: truncated or corrupt JPEG: the file ends before its end marker.", e.Message);
    }

    private static byte[] Patched(string sample, params (int At, byte[] Bytes)[] patches)
    {
        byte[] file = Samples.Bytes(sample);
        foreach ((int at, byte[] bytes) in patches)
        {
            bytes.CopyTo(file, at);
        }

        return file;
    }

    // A lossless image's header: 14 bits each of width − 1 and height − 1 after its signature.
    private static byte[] Webp(int width, int height)
    {
        byte[] file = Samples.Bytes("lossless.webp");
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(21), (uint)(width - 1) | ((uint)(height - 1) << 14));
        return file;
    }
}
