using System.Buffers.Binary;
using System.IO.Compression;
using AuditKit.Imaging;
using AuditKit.Imaging.Files;
using AuditKit.Tests.Imaging.Files;
using AuditKit.Tests.Imaging.TransformCoding;

namespace AuditKit.Tests.Imaging;

public class ImageFileTests
{
    public static TheoryData<string, int, int, int, string> Expected()
    {
        var rows = new TheoryData<string, int, int, int, string>();
        foreach (string[] cells in Samples.Table("expected.csv"))
        {
            rows.Add(cells[0], int.Parse(cells[1]), int.Parse(cells[2]), int.Parse(cells[3]), cells[4]);
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Expected))]
    public void Every_kind_of_file_decodes_to_the_pixels_of_Pillow(string file, int width, int height, int channels, string digest)
    {
        // ImageSharp's pixels of JPEG files differ by a few levels.
        Assert.SkipWhen(file.EndsWith(".jpg", StringComparison.Ordinal) && !ImageCodecs.Here.HasTurboJpeg, TurboJpeg.Missing);
        Image image = ImageFile.Read(Samples.At(file));

        Assert.Equal((width, height, channels), (image.Width, image.Height, image.Channels));
        Assert.Equal(digest, Samples.Digest(image.Samples));
    }

    [Theory]
    [InlineData("rgb-420.jpg")]
    [InlineData("rgb-progressive.jpg")]
    [InlineData("grey.jpg")]
    [InlineData("cmyk.jpg")]
    [InlineData("rgb.png")]
    [InlineData("rgb-interlaced.png")]
    [InlineData("palette-4-bit.png")]
    public void A_file_cut_off_anywhere_is_an_error_and_not_a_grey_half(string sample)
    {
        byte[] file = Samples.Bytes(sample);
        // A JPEG without its last two bytes has lost its end marker and no pixel; it is refused all the same.
        for (int length = 0; length < file.Length; length++)
        {
            byte[] part = file[..length];
            AuditException e = Assert.Throws<AuditException>(() => ImageFile.Decode(part, "cat/7.jpg"));
            Assert.Equal(ExitCode.Error, e.ExitCode);
            Assert.StartsWith("cat/7.jpg: ", e.Message);
        }
    }

    [Fact]
    public void A_megapixel_bomb_is_refused_by_its_header_alone()
    {
        byte[] bomb = Bomb(10_000, 10_000);
        long before = GC.GetAllocatedBytesForCurrentThread();

        AuditException e = Assert.Throws<AuditException>(() => ImageFile.Decode(bomb, "bomb.png"));

        Assert.InRange(bomb.Length, 1, 20_000);
        Assert.Equal(
            "bomb.png: 10000×10000 pixels are over the limit of 50 megapixels; scale the image down or leave it out.", e.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void A_JPEG_that_claims_too_many_pixels_is_refused_before_they_are_allocated()
    {
        byte[] file = Samples.Bytes("rgb-420.jpg");
        int frame = file.AsSpan().IndexOf<byte>([0xFF, 0xC0]);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 5), 60_000);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 7), 60_000);
        long before = GC.GetAllocatedBytesForCurrentThread();

        AuditException e = Assert.Throws<AuditException>(() => ImageFile.Decode(file, "big.jpg"));

        Assert.Contains("60000×60000 pixels are over the limit", e.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void A_file_of_another_kind_is_named_and_refused_whatever_its_extension()
    {
        AuditException e = Assert.Throws<AuditException>(() => ImageFile.Decode("%PDF-1.7"u8, "cat.jpg"));
        Assert.Equal("cat.jpg: no image file of a kind that is read (JPEG, PNG, WebP, TIFF, BMP, GIF, PBM, PGM or PPM, TGA).", e.Message);
    }

    [Fact]
    public void A_missing_file_is_an_error_that_names_it()
    {
        AuditException e = Assert.Throws<AuditException>(() => ImageFile.Read("/nowhere/cat.jpg"));
        Assert.Equal(ExitCode.Error, e.ExitCode);
        Assert.StartsWith("/nowhere/cat.jpg: cannot be read", e.Message);
    }

    [Fact]
    public void The_name_does_not_decide_what_a_file_is()
        => Assert.Equal(ImageFile.Read(Samples.At("palette.gif")).Samples, ImageFile.Decode(Samples.Bytes("palette.gif"), "cat.jpg").Samples);

    [Fact]
    public void Damaged_bytes_end_in_an_image_or_an_error_of_ours()
    {
        foreach (string sample in (string[])["rgb-progressive.jpg", "ycck.jpg", "orientation-6.jpg", "palette-4-bit.png", "rgb-interlaced.png"])
        {
            byte[] original = Samples.Bytes(sample);
            var random = CounterRandom.For(1, sample, 0);
            for (int trial = 0; trial < 300; trial++)
            {
                byte[] file = [.. original];
                for (int hits = 0; hits < 3; hits++)
                {
                    file[random.NextInt32(file.Length)] = (byte)random.NextUInt32();
                }

                Exception? e = Record.Exception(() => ImageFile.Decode(file, sample));
                Assert.True(e is null or AuditException, e?.ToString());
            }
        }
    }

    /// <summary>A valid PNG of zeros with one bit a pixel: a few kilobytes however many pixels.</summary>
    private static byte[] Bomb(int width, int height)
    {
        var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            for (int y = 0; y < height; y++)
            {
                zlib.Write(new byte[1 + ((width + 7) / 8)]);
            }
        }

        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 1;
        byte[] signature = Samples.Bytes("rgb.png")[..8];
        return [.. signature, .. FileWriters.Chunk("IHDR"u8, header), .. FileWriters.Chunk("IDAT"u8, data.ToArray()), .. FileWriters.Chunk("IEND"u8, [])];
    }
}
