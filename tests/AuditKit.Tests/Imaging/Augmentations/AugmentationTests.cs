using AuditKit.Imaging;
using AuditKit.Imaging.Augmentations;

namespace AuditKit.Tests.Imaging.Augmentations;

public sealed class AugmentationTests
{
    [Fact]
    public void Every_operator_keeps_size_channels_and_original_at_every_magnitude()
    {
        foreach (Augmentation augmentation in Augmentation.All.Values)
        {
            foreach (double magnitude in new[] { 0, 13.7, 30, Augmentation.LargestMagnitude })
            {
                foreach (int channels in new[] { 1, 3 })
                {
                    Image image = Gradient(9, 6, channels);
                    byte[] before = [.. image.Samples];
                    Image result = augmentation.Apply(image, magnitude, CounterRandom.For(1, augmentation.Name, 0));
                    Assert.Equal((9, 6, channels), (result.Width, result.Height, result.Channels));
                    Assert.Equal(before, image.Samples);
                }
            }
        }
    }

    [Theory]
    [InlineData("identity")]
    [InlineData("shear-x")]
    [InlineData("translate-y")]
    [InlineData("rotate")]
    [InlineData("solarize")]
    [InlineData("solarize-add")]
    [InlineData("posterize")]
    [InlineData("contrast")]
    [InlineData("sharpness")]
    [InlineData("cutout")]
    public void Magnitude_0_changes_nothing(string name)
    {
        Image image = Gradient(8, 8, 3);
        Assert.Equal(image.Samples, Augmentation.All[name].Apply(image, 0, CounterRandom.For(1, "x", 0)).Samples);
    }

    [Fact]
    public void Corners_and_centre_lie_where_they_should()
    {
        Image image = Gradient(6, 5, 1);
        Assert.Equal([0, 1], Crops.CentreOrCorner(image, 2, 2, 1).Samples[..2]);
        Assert.Equal([4, 5], Crops.CentreOrCorner(image, 2, 2, 2).Samples[..2]);
        Assert.Equal([18, 19], Crops.CentreOrCorner(image, 2, 2, 3).Samples[..2]);
        Assert.Equal([22, 23], Crops.CentreOrCorner(image, 2, 2, 4).Samples[..2]);
        Assert.Equal([8, 9], Crops.CentreOrCorner(image, 2, 2, 0).Samples[..2]);
        Assert.Equal((6, 5), (Crops.CentreOrCorner(image, 6, 5, 4).Width, Crops.CentreOrCorner(image, 6, 5, 4).Height));
        Assert.Equal([5, 4, 3, 2, 1, 0], Crops.Flip(image).Samples[..6]);
    }

    [Fact]
    public void Random_crops_of_a_padded_image_reach_every_place_and_both_mirrors()
    {
        // One bright pixel, padding of one: nine places, mirrored or not.
        var image = new Image(8, 8, 1);
        image.Samples[(3 * 8) + 3] = 255;
        HashSet<int> places = [.. Enumerable.Range(0, 300).Select(i =>
            Array.IndexOf(Crops.RandomCropAndFlip(image, 8, 8, CounterRandom.For(1, "crop", i)).Samples, (byte)255))];
        int[] rows = [2, 3, 4];
        Assert.Equal([.. rows.SelectMany(y => new[] { 2, 3, 4, 5 }.Select(x => (y * 8) + x))], places.Order());
    }

    private static Image Gradient(int width, int height, int channels)
        => new(width, height, channels, [.. Enumerable.Range(0, width * height * channels).Select(i => (byte)i)]);
}
