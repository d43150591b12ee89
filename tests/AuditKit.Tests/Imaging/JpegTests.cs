using System.Formats.Tar;
using System.Security.Cryptography;
using AuditKit.Imaging;
using AuditKit.Tests.Imaging.TransformCoding;

namespace AuditKit.Tests.Imaging;

public class JpegTests
{
    [Fact]
    public void Many_threads_give_the_pixels_of_one()
    {
        Assert.SkipUnless(TurboJpeg.IsPresent, "needs libjpeg-turbo's libturbojpeg.so.0, to write files with");
        byte[][] files = [.. Enumerable.Range(1, 64).Select(i => TurboJpeg.Encode(Samples.Pattern(i, 65 - i, 3), 50))];
        byte[][] alone = [.. files.Select(file => Jpeg.Decode(file).Samples)];
        var together = new byte[files.Length][];

        Parallel.For(0, files.Length, i => together[i] = Jpeg.Decode(files[i]).Samples);

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
}
