using System.Formats.Tar;
using System.Security.Cryptography;
using AuditKit.Imaging;

namespace AuditKit.Tests.Imaging;

public class JpegTests
{
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
    public void Files_equal_those_of_Pillow_byte_for_byte(int channels, int quality, string digest)
        => Assert.Equal(digest, Samples.Digest(Jpeg.Encode(Samples.Pattern(33, 29, channels), quality)));

    [Fact]
    public void Many_threads_give_the_files_of_one()
    {
        Image[] images = [.. Enumerable.Range(1, 64).Select(i => Samples.Pattern(i, 65 - i, 3))];
        byte[][] alone = [.. images.Select(image => Jpeg.Decode(Jpeg.Encode(image, 50)).Samples)];
        var together = new byte[images.Length][];

        Parallel.For(0, images.Length, i => together[i] = Jpeg.Decode(Jpeg.Encode(images[i], 50)).Samples);

        Assert.Equal(alone, together);
    }

    // Digest: every 23rd JPEG of the archive, decoded one after the other by Pillow 9.4.
    [Fact]
    public void Five_hundred_real_photographs_decode_to_the_pixels_of_Pillow()
    {
        using FileStream archive = File.OpenRead(Repository.Shared("data/waterbirds.tar"));
        using var tar = new TarReader(archive);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int photographs = 0; tar.GetNextEntry() is { } entry;)
        {
            if (entry.Name.EndsWith(".jpg", StringComparison.Ordinal) && photographs++ % 23 == 0)
            {
                var file = new byte[entry.Length];
                entry.DataStream!.ReadExactly(file);
                hash.AppendData(Jpeg.Decode(file, entry.Name).Samples);
            }
        }

        Assert.Equal("7503ace5480e0eb166b13aede8d9651ac48d0005621aeba8f18698b8db226c86", Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    [Fact]
    public void A_broken_file_does_not_spoil_the_next_one_on_its_thread()
    {
        byte[] good = Samples.Bytes("rgb-420.jpg");
        byte[] bad = [.. good[..40], 0xFF, 0x82];
        Assert.Throws<AuditException>(() => Jpeg.Decode(bad));
        Assert.Equal(37, Jpeg.Decode(good).Width);
    }

    [Fact]
    public void An_image_too_large_for_JPEG_is_an_error_with_libjpegs_reason()
    {
        AuditException e = Assert.Throws<AuditException>(() => Jpeg.Encode(new Image(70_000, 1, 1), 50));
        Assert.Contains("65500", e.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public void A_quality_outside_1_to_100_is_refused(int quality)
        => Assert.Throws<ArgumentOutOfRangeException>(() => Jpeg.Encode(new Image(8, 8, 1), quality));
}
