using AuditKit.Imaging;

namespace AuditKit.Tests.Imaging;

public sealed class ImageTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_crop_holds_the_samples_of_its_part(int channels)
    {
        Image image = Synthetic.Noise(11, 9, channels);
        Image part = image.Crop(left: 3, top: 2, width: 5, height: 7);
        Assert.Equal((5, 7, channels), (part.Width, part.Height, part.Channels));
        for (int i = 0; i < part.Samples.Length; i++)
        {
            (int y, int x, int c) = (i / channels / 5, i / channels % 5, i % channels);
            Assert.Equal(image[y + 2, x + 3, c], part[y, x, c]);
        }
    }

    [Theory]
    [InlineData(-1, 0, 5, 5)]
    [InlineData(0, -1, 5, 5)]
    [InlineData(3, 0, 6, 5)]
    [InlineData(0, 5, 5, 4)]
    [InlineData(0, 0, 0, 5)]
    public void A_crop_that_is_empty_or_leaves_the_image_is_refused(int left, int top, int width, int height)
        => Assert.ThrowsAny<ArgumentException>(() => new Image(8, 8, 3).Crop(left, top, width, height));

    [Theory]
    [InlineData(2, 12)]
    [InlineData(3, 11)]
    public void Samples_must_be_as_many_as_height_width_and_channels_say(int channels, int samples)
        => Assert.Throws<ArgumentException>(() => new Image(2, 2, channels, new byte[samples]));
}
