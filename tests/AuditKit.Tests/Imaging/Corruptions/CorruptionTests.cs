using AuditKit.Imaging;
using AuditKit.Imaging.Corruptions;

namespace AuditKit.Tests.Imaging.Corruptions;

public sealed class CorruptionTests
{
    public static TheoryData<string> Kinds() => [.. CorruptionCatalog.Kinds.Select(kind => kind.Name)];

    [Fact]
    public void There_are_fifteen_and_four_in_the_papers_order_and_categories()
    {
        Assert.Equal(
            [
                "gaussian-noise", "shot-noise", "impulse-noise", "defocus-blur", "glass-blur", "motion-blur", "zoom-blur", "snow",
                "frost", "fog", "brightness", "contrast", "elastic-transform", "pixelate", "jpeg-compression",
            ],
            CorruptionCatalog.Kinds.Where(kind => kind.InBenchmark).Select(kind => kind.Name));
        Assert.Equal(["speckle-noise", "gaussian-blur", "spatter", "saturate"], CorruptionCatalog.Kinds.Where(kind => !kind.InBenchmark)
            .Select(kind => kind.Name));
        Assert.Equal([3, 4, 4, 4], CorruptionCatalog.Kinds.Where(kind => kind.InBenchmark).CountBy(kind => kind.Category).Select(count => count.Value));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Size_and_channels_stay_the_original_is_unchanged_and_the_same_draws_give_the_same_image(string kind)
    {
        foreach ((int width, int height, int channels) in ((int, int, int)[])[(32, 32, 3), (28, 28, 1), (37, 18, 3), (90, 131, 1), (121, 93, 3)])
        {
            Image image = Synthetic.Scene(width, height, channels);
            byte[] before = [.. image.Samples];
            for (int severity = 1; severity <= 5; severity += 2)
            {
                Corruption corruption = CorruptionCatalog.Find(kind).Make(severity, FrostTexture.Default);
                Image once = corruption.Apply(image, CounterRandom.For(7, kind, 3));
                Image again = corruption.Apply(image, CounterRandom.For(7, kind, 3));
                Assert.Equal((width, height, channels), (once.Width, once.Height, once.Channels));
                Assert.Equal(once.Samples, again.Samples);
                Assert.Equal(before, image.Samples);

                // What grey has no more of, less saturation does not take away.
                Assert.True(!before.SequenceEqual(once.Samples) || (kind == "saturate" && channels == 1), $"{corruption.Name} on {width}×{height}×{channels}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Images_smaller_than_any_kernel_are_corrupted_too(string kind)
    {
        foreach ((int width, int height) in ((int, int)[])[(1, 1), (2, 5), (7, 3)])
        {
            Corruption corruption = CorruptionCatalog.Find(kind).Make(5, FrostTexture.Default);
            Image result = corruption.Apply(Synthetic.Scene(width, height, 3), CounterRandom.For(7, kind, 3));
            Assert.Equal((width, height), (result.Width, result.Height));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Severity_grows_and_the_constants_depend_on_size(string kind)
    {
        CorruptionKind found = CorruptionCatalog.Find(kind);
        foreach (int side in new[] { 84, 85 })
        {
            Image image = Synthetic.Scene(side, side, 3);
            double[] changes = [.. Enumerable.Range(1, 5).Select(severity => Change(found.Make(severity, FrostTexture.Default), image))];

            // Not every step of the published tables grows, but from end to end all do, save for elastic transforms:
            // from stretching as a whole they turn to stretching in detail, which a scene of few details hardly shows.
            Assert.True(changes[4] > changes[0] || kind == "elastic-transform", $"{kind} at {side} pixels: {string.Join(", ", changes)}");
        }

        Corruption worst = found.Make(5, FrostTexture.Default);
        Assert.Equal($"{kind}/5", worst.Name);
        Assert.Contains($"Severity 5: {worst.Constants} (shorter side up to 84 pixels, or above).", worst.Description);
        Assert.NotEqual(
            worst.Apply(Synthetic.Scene(84, 120, 3), CounterRandom.For(7, kind, 3)).Samples,
            worst.Apply(Synthetic.Scene(85, 120, 3), CounterRandom.For(7, kind, 3)).Crop(0, 0, 84, 120).Samples);

        double Change(Corruption corruption, Image image) => Enumerable.Range(0, 4).Average(i =>
            corruption.Apply(image, CounterRandom.For(7, kind, i)).Samples.Zip(image.Samples).Average(pair => (double)Math.Abs(pair.First - pair.Second)));
    }

    [Fact]
    public void Names_that_are_none_are_refused_with_the_nearest()
    {
        AuditException error = Assert.Throws<AuditException>(() => CorruptionCatalog.Find("gausian-noise"));
        Assert.StartsWith("'gausian-noise' is no corruption. Did you mean 'gaussian-noise'? There are gaussian-noise, ", error.Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Fog(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Fog(6));
    }
}
