using System.Security.Cryptography;
using AuditKit.Imaging;
using AuditKit.Imaging.Corruptions;

namespace AuditKit.Tests.Imaging;

public sealed class PerturbationTests
{
    [Theory]
    [InlineData("jpeg-50", typeof(JpegCompression))]
    [InlineData("crop-2", typeof(MarginCrop))]
    [InlineData("thumb-196", typeof(Thumbnail))]
    [InlineData("fog/3", typeof(Fog))]
    public void A_name_gives_its_perturbation_and_back(string name, Type type)
    {
        IPerturbation perturbation = PerturbationCatalog.Parse(name);
        Assert.IsType(type, perturbation);
        Assert.Equal(name, perturbation.Name);
        Assert.Contains(name[(name.IndexOfAny(['-', '/']) + 1)..], perturbation.Description);
    }

    [Theory]
    [InlineData("jpg-50", "'jpg-50' is no perturbation. Did you mean 'jpeg-50'?")]
    [InlineData("jpeg50", "Did you mean 'jpeg-50'?")]
    [InlineData("jpg-70", "Did you mean 'jpeg-70'?")]
    [InlineData("jepg", "Did you mean 'jpeg-50'?")]
    [InlineData("jpeg-500", "'jpeg-500' is no perturbation: jpeg's quality is 1 to 100. Valid forms")]
    [InlineData("jpeg-0", "quality 1 to 100")]
    [InlineData("jpeg-101", "quality 1 to 100")]
    [InlineData("crop-0", "crop-2")]
    [InlineData("crop--2", "crop-2")]
    [InlineData("crop-2.5", "crop-2")]
    [InlineData("thumb-99999999999", "thumb-196")]
    [InlineData("blur-3", "'blur-3' is no perturbation. Valid forms: jpeg-50 (quality 1 to 100), crop-2")]
    [InlineData("fog/6", "fog/3 (a corruption and its severity, 1 to 5)")]
    [InlineData("", "Valid forms")]
    public void A_name_that_is_none_is_refused_with_the_valid_forms(string name, string words)
    {
        AuditException error = Assert.Throws<AuditException>(() => PerturbationCatalog.Parse(name));
        Assert.Contains(words, error.Message);
        Assert.Contains("thumb-196", error.Message);
        Assert.Equal(ExitCode.Usage, error.ExitCode);
    }

    [Theory]
    [InlineData("jpeg-50")]
    [InlineData("crop-2")]
    [InlineData("thumb-100")]
    public void Size_and_channels_stay_the_original_is_unchanged_and_the_same_draws_give_the_same_image(string name)
    {
        IPerturbation perturbation = PerturbationCatalog.Parse(name);
        foreach (int channels in (int[])[1, 3])
        {
            Image image = Synthetic.Scene(31, 18, channels);
            byte[] before = [.. image.Samples];
            Image once = perturbation.Apply(image, CounterRandom.For(7, name, 3));
            Image again = perturbation.Apply(image, CounterRandom.For(7, name, 3));
            Assert.Equal((31, 18, channels), (once.Width, once.Height, once.Channels));
            Assert.Equal(once.Samples, again.Samples);
            Assert.Equal(before, image.Samples);
            Assert.NotEqual(before, once.Samples);
        }
    }

    [Fact]
    public void Crop_resizes_the_part_inside_four_margins_drawn_independently_and_uniformly()
    {
        Image image = Synthetic.Noise(24, 20, 3);
        Dictionary<string, (int, int, int, int)> margins = [];
        for (int code = 0; code < 81; code++)
        {
            (int left, int top, int right, int bottom) = (code % 3, code / 3 % 3, code / 9 % 3, code / 27);
            Image part = image.Crop(left, top, 24 - left - right, 20 - top - bottom);
            margins.Add(Key(Resampler.Resize(part, 24, 20, ResampleFilter.Bilinear)), (left, top, right, bottom));
        }

        var crop = new MarginCrop(2);
        var drawn = Enumerable.Range(0, 8100)
            .GroupBy(i => margins[Key(crop.Apply(image, CounterRandom.For(1, "crop-2", i)))])
            .ToDictionary(group => group.Key, group => group.Count());

        // χ² with 80 degrees of freedom: 99.9 % lie below 124.8.
        Assert.Equal(81, drawn.Count);
        Assert.True(drawn.Values.Sum(n => (n - 100.0) * (n - 100.0) / 100.0) < 124.8);

        static string Key(Image image) => Convert.ToBase64String(image.Samples);
    }

    [Theory]
    [InlineData(28, 28, 196, 14, 14)]
    [InlineData(32, 32, 196, 14, 14)]
    [InlineData(64, 16, 256, 32, 8)]
    [InlineData(300, 1, 20, 77, 1)]
    public void Thumbnail_goes_through_the_size_of_that_area(int width, int height, int area, int smallWidth, int smallHeight)
    {
        Image image = Synthetic.Noise(width, height, 1);
        Image small = Resampler.Resize(image, smallWidth, smallHeight, ResampleFilter.Lanczos);
        Image expected = Resampler.Resize(small, width, height, ResampleFilter.Bilinear);
        Assert.Equal(expected.Samples, new Thumbnail(area).Apply(image, CounterRandom.For(1, "thumb", 0)).Samples);
    }

    // Synthetic.Noise through Pillow 9.4's save(…, "JPEG", quality=…) and open: SHA-256 of the pixels, 16 digits.
    [Theory]
    [InlineData(1, 28, 28, 50, "07f8792e44520649")]
    [InlineData(1, 28, 28, 20, "8d058cfe0d71aca3")]
    [InlineData(3, 32, 32, 50, "afe1ed1583ea916d")]
    [InlineData(3, 32, 32, 20, "b9af2aadb4d67e18")]
    [InlineData(3, 37, 23, 75, "bb6590d5b912e3d4")]
    [InlineData(3, 224, 168, 50, "2b642417aae2bbd2")]
    [InlineData(1, 5, 3, 1, "cfa0abd63c6255b7")]
    [InlineData(3, 96, 96, 100, "1e70d2cc1d587ff1")]
    public void Jpeg_gives_the_pixels_that_Pillow_gives(int channels, int width, int height, int quality, string hash)
    {
        Image image = new JpegCompression(quality).Apply(Synthetic.Noise(width, height, channels), CounterRandom.For(1, "jpeg", 0));
        Assert.Equal(hash, Convert.ToHexStringLower(SHA256.HashData(image.Samples))[..16]);
    }

    [Theory]
    [InlineData("crop-8", "crop-8 could crop all of an image of 16×40 pixels")]
    [InlineData("thumb-640", "thumb-640 does not shrink an image of 16×40 pixels. Use fewer than 640")]
    public void A_strength_that_an_image_is_too_small_for_is_refused(string name, string words)
    {
        AuditException error = Assert.Throws<AuditException>(
            () => PerturbationCatalog.Parse(name).Apply(new Image(16, 40, 3), CounterRandom.For(1, name, 0)));
        Assert.Contains(words, error.Message);
    }
}
