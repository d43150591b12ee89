using AuditKit.Imaging;

namespace AuditKit.Tests.Imaging;

public sealed class InputTransformTests
{
    [Theory]
    [InlineData(1, 1, 28, 28)]
    [InlineData(3, 3, 32, 32)]
    [InlineData(1, 3, 5, 3)]
    [InlineData(3, 3, 1, 1)]
    [InlineData(3, 3, 17, 19)]
    public void Every_sample_lands_in_its_plane_divided_by_255(int channels, int wanted, int width, int height)
    {
        Image image = Synthetic.Noise(width, height, channels);
        float[] pixels = new float[wanted * height * width];
        new InputTransform(new InputShape(wanted, height, width)).Apply(image, pixels);
        for (int c = 0; c < wanted; c++)
        {
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    Assert.Equal(image[y, x, Math.Min(c, channels - 1)] / 255f, pixels[(((c * height) + y) * width) + x]);
                }
            }
        }
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(3, null)]
    [InlineData(1, 20)]
    public void Colour_images_are_turned_to_grey_where_that_is_asked_for(int wanted, int? resize)
    {
        Image image = Synthetic.Noise(30, 24, 3);
        var grey = new Image(30, 24, 1, Luma.Of(image).ToArray());
        var input = new InputShape(wanted, 10, 10);
        float[] expected = new float[input.Length], pixels = new float[input.Length];
        new InputTransform(input, resize, crop: true).Apply(grey, expected);
        var transform = new InputTransform(input, resize, crop: true, grey: true);
        transform.Apply(image, pixels);
        Assert.Equal(expected, pixels);
        transform.Write(transform.Scale(image), pixels);
        Assert.Equal(expected, pixels);
    }

    // The offsets are torchvision's int(round((size − crop) / 2)) with Python's round: 2.5 → 2, 3.5 → 4.
    [Theory]
    [InlineData(13, 8, 2)]
    [InlineData(15, 8, 4)]
    [InlineData(12, 8, 2)]
    [InlineData(9, 8, 0)]
    [InlineData(8, 8, 0)]
    public void The_centre_is_cut_where_torchvision_cuts_it(int size, int crop, int offset)
    {
        Image image = Synthetic.Noise(size, size + 1, 3);
        float[] pixels = new float[3 * crop * crop];
        new InputTransform(new InputShape(3, crop, crop), crop: true).Apply(image, pixels);
        Assert.Equal(image[(int)Math.Round((size + 1 - crop) / 2.0), offset, 1] / 255f, pixels[crop * crop]);
    }

    // torchvision's Resize: the longer side is int(size · longer / shorter); 100·75/57 = 131.6.
    [Theory]
    [InlineData(75, 57, 131, 100)]
    [InlineData(57, 75, 100, 131)]
    [InlineData(64, 64, 100, 100)]
    public void The_shorter_side_is_scaled_and_the_longer_cut_down_to_whole_pixels(int width, int height, int newWidth, int newHeight)
    {
        Image image = Synthetic.Scene(width, height, 3);
        float[] transformed = new float[3 * 90 * 90];
        new InputTransform(new InputShape(3, 90, 90), resize: 100, crop: true).Apply(image, transformed);

        float[] expected = new float[transformed.Length];
        Image scaled = Resampler.Resize(image, newWidth, newHeight, ResampleFilter.Bilinear);
        new InputTransform(new InputShape(3, 90, 90), crop: true).Apply(scaled, expected);
        Assert.Equal(expected, transformed);
    }

    [Theory]
    [InlineData(1, 32, 32, null, false, "Set model.resize to the length that the shorter side is to have (such as 28)")]
    [InlineData(1, 20, 30, null, false, "The model takes 1×28×28 (channels×height×width), but an image has 1×30×20.")]
    [InlineData(1, 20, 30, 28, false, "(28×42 pixels after model.resize: 28). Set model.crop: true")]
    [InlineData(1, 20, 30, 24, true, "Set model.resize to at least 28")]
    [InlineData(1, 28, 28, 20, false, "Set model.resize to at least 28")]
    [InlineData(3, 28, 28, null, false, "Set model.channels: grey")]
    public void An_image_that_does_not_fit_is_refused_with_both_shapes_and_what_to_set(
        int channels, int width, int height, int? resize, bool crop, string words)
    {
        var transform = new InputTransform(new InputShape(1, 28, 28), resize, crop);
        AuditException error = Assert.Throws<AuditException>(
            () => transform.Apply(new Image(width, height, channels), new float[28 * 28]));
        Assert.Contains(words, error.Message);
        Assert.Equal(ExitCode.Usage, error.ExitCode);
    }
}
