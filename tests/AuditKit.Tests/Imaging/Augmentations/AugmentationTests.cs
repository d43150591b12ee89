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
            foreach (double magnitude in new[] { 0, 13.7, -30, Augmentation.LargestMagnitude, -Augmentation.LargestMagnitude })
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
    [InlineData("autocontrast")]
    [InlineData("posterize")]
    [InlineData("contrast")]
    [InlineData("sharpness")]
    [InlineData("cutout")]
    public void Magnitude_0_changes_nothing(string name)
    {
        // From black to white, so that there is no contrast to stretch.
        var image = new Image(8, 8, 3, [.. Gradient(8, 8, 3).Samples.Select((level, i) => i < 3 ? (byte)0 : i < 6 ? (byte)255 : level)]);
        Assert.Equal(image.Samples, Augmentation.All[name].Apply(image, 0, CounterRandom.For(1, "x", 0)).Samples);
    }

    /// <summary>At 30 the published range ends, at 45 half as far beyond; where operators draw a direction, either may come.</summary>
    [Fact]
    public void The_published_ranges_end_at_30()
    {
        Image image = Gradient(8, 8, 3);
        OneOf("shear-x", from k in new[] { 0.5, -0.5 } from far in new[] { false, true } select ReflectedAffine.ShearX(image, k, far));
        OneOf("shear-y", from k in new[] { 0.5, -0.5 } from far in new[] { false, true } select ReflectedAffine.ShearY(image, k, far));
        OneOf("translate-x", [ReflectedAffine.Translate(image, 0.45 * 8, 0), ReflectedAffine.Translate(image, -0.45 * 8, 0)]);
        OneOf("translate-y", [ReflectedAffine.Translate(image, 0, 0.45 * 8), ReflectedAffine.Translate(image, 0, -0.45 * 8)]);
        OneOf("rotate", [ReflectedAffine.Rotate(image, 40), ReflectedAffine.Rotate(image, -40)]);
        Is("autocontrast", 30, PointOperations.AutoContrast(image, 10));
        Is("solarize", 30, PointOperations.Solarize(image, 128));
        Is("solarize", 45, PointOperations.Solarize(image, 64));
        Is("posterize", 30, PointOperations.Posterize(image, 2));
        Is("posterize", 45, PointOperations.Posterize(image, 0));
        Assert.All(Apply("posterize", 45, 0).Samples, level => Assert.Equal(0, level));
        Is("contrast", 30, Enhancement.Contrast(image, 1.8));
        Is("brightness", 30, Enhancement.Brightness(image, 1.8));
        Is("color", 30, Enhancement.Color(image, 1.9));
        Is("sharpness", 30, Enhancement.Sharpness(image, 1.9));

        // The sign is kept by these four; all others are as strong one way as the other.
        Assert.Equal(Enhancement.Contrast(image, 0.2).Samples, Apply("contrast", -30, 0).Samples);
        Assert.Equal(Enhancement.Brightness(image, 0.2).Samples, Apply("brightness", -30, 0).Samples);
        Assert.Equal(PointOperations.Solarize(image, 128).Samples, Apply("solarize", -30, 0).Samples);
        HashSet<string> cut = [.. Enumerable.Range(0, 1000).Select(i => Convert.ToHexString(Apply("cutout", 30, i).Samples))];
        Assert.Equal(64, cut.Count);
        int black = image.Samples.Count(level => level == 0);
        Assert.Equal(4 * 4 * 3, Enumerable.Range(0, 200).Max(i => Apply("cutout", 30, i).Samples.Count(level => level == 0) - black), 3.0);

        void Is(string name, double magnitude, Image expected) => Assert.Equal(expected.Samples, Apply(name, magnitude, 0).Samples);

        void OneOf(string name, IEnumerable<Image> expected)
        {
            string[] all = [.. expected.Select(each => Convert.ToHexString(each.Samples))];
            Assert.Equal(all.Order(), Enumerable.Range(0, 60).Select(i => Convert.ToHexString(Apply(name, -30, i).Samples)).Distinct().Order());
        }

        Image Apply(string name, double magnitude, int draw) => Augmentation.All[name].Apply(image, magnitude, CounterRandom.For(1, name, draw));
    }

    [Fact]
    public void Clipped_shares_do_not_count_for_contrast()
    {
        // Twenty samples; ten per cent are two: 0 and 10 below, 250 and 255 above.
        byte[] levels = [0, 10, .. Enumerable.Repeat((byte)100, 8), .. Enumerable.Repeat((byte)150, 8), 250, 255];
        Image stretched = PointOperations.AutoContrast(new Image(20, 1, 1, levels), 10);
        Assert.Equal([0, 0, .. Enumerable.Repeat((byte)0, 8), .. Enumerable.Repeat((byte)255, 8), 255, 255], stretched.Samples);
        Assert.Equal(levels, PointOperations.AutoContrast(new Image(20, 1, 1, levels)).Samples);
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
        // One bright pixel far from the borders, which go on by reflection for one: nine places, mirrored or not.
        var image = new Image(8, 8, 1);
        image.Samples[(3 * 8) + 3] = 255;
        HashSet<int> places = [.. Enumerable.Range(0, 300).Select(i =>
            Array.IndexOf(Crops.RandomCropAndFlip(image, 8, 8, CounterRandom.For(1, "crop", i)).Samples, (byte)255))];
        int[] rows = [2, 3, 4];
        Assert.Equal([.. rows.SelectMany(y => new[] { 2, 3, 4, 5 }.Select(x => (y * 8) + x))], places.Order());
    }

    [Fact]
    public void Random_crops_of_an_image_without_room_go_on_by_reflection()
    {
        var image = new Image(8, 1, 1, [1, 2, 3, 4, 5, 6, 7, 8]);
        HashSet<string> crops = [.. Enumerable.Range(0, 100).Select(i =>
            string.Join(' ', Crops.RandomCropAndFlip(image, 8, 1, CounterRandom.For(1, "crop", i)).Samples))];
        Assert.Equal(
            ["1 2 3 4 5 6 7 8", "2 1 2 3 4 5 6 7", "2 3 4 5 6 7 8 7", "7 6 5 4 3 2 1 2", "7 8 7 6 5 4 3 2", "8 7 6 5 4 3 2 1"], crops.Order());
    }

    private static Image Gradient(int width, int height, int channels)
        => new(width, height, channels, [.. Enumerable.Range(0, width * height * channels).Select(i => (byte)i)]);
}
