using AuditKit.Imaging;

namespace AuditKit.Tests.Imaging;

public class PngTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 1, 3)]
    [InlineData(224, 224, 3)]
    [InlineData(3, 2000, 1)]
    public void An_image_survives_encoding_and_decoding(int width, int height, int channels)
    {
        Image image = Samples.Pattern(width, height, channels);

        Image read = Png.Decode(Png.Encode(image));

        Assert.Equal((width, height, channels), (read.Width, read.Height, read.Channels));
        Assert.Equal(image.Samples, read.Samples);
    }

    [Fact]
    public void Incompressible_samples_fit_as_well()
    {
        var image = new Image(200, 200, 3);
        new Random(1).NextBytes(image.Samples);
        Assert.Equal(image.Samples, Png.Decode(Png.Encode(image)).Samples);
    }

    // Reports with pictures are the same on every machine because these are.
    [Theory]
    [InlineData(1, "5b65ae3b90668d90323c6054adb495535a1e7ba74912d1253b27c8b9ac78971a")]
    [InlineData(3, "b5d2045336248382cdd87f07746da078f6240e8e0af8117ae8b1365d5626343c")]
    public void Files_are_the_same_bytes_everywhere(int channels, string digest)
        => Assert.Equal(digest, Samples.Digest(Png.Encode(Samples.Pattern(61, 47, channels))));

    [Fact]
    public void A_flipped_bit_in_the_pixel_data_is_an_error()
    {
        byte[] file = Samples.Bytes("rgb.png");
        file[file.AsSpan().IndexOf("IDAT"u8) + 40] ^= 1;
        AuditException e = Assert.Throws<AuditException>(() => Png.Decode(file, "x.png"));
        Assert.StartsWith("x.png: truncated or corrupt PNG: ", e.Message);
    }
}
