using AuditKit.Imaging;
using AuditKit.Imaging.Corruptions;

namespace AuditKit.Tests.Imaging.Corruptions;

/// <summary>Noise of single samples against closed forms: what became of 200,000 samples of one level.</summary>
public sealed class SampleNoiseTests
{
    // Cutting off the fraction takes half a level away and adds a twelfth to the variance.
    [Theory]
    [InlineData(32, 1, 0.04)]
    [InlineData(32, 5, 0.10)]
    [InlineData(224, 1, 0.08)]
    public void Gaussian_noise_is_normal(int side, int severity, double sigma)
        => AssertMoments(new GaussianNoise(severity), side, 128, 128 - 0.5, Math.Sqrt(Math.Pow(255 * sigma, 2) + (1 / 12.0)));

    [Theory]
    [InlineData(32, 1, 0.06, 40)]
    [InlineData(32, 5, 0.2, 100)]
    [InlineData(224, 1, 0.15, 110)]
    public void Speckle_noise_is_normal_and_grows_with_the_level(int side, int severity, double sigma, byte level)
        => AssertMoments(new SpeckleNoise(severity), side, level, level - 0.5, Math.Sqrt(Math.Pow(level * sigma, 2) + (1 / 12.0)));

    // With 255 a multiple of the photons, nothing is cut off.
    [Theory]
    [InlineData(224, 5, 3, 20)]
    [InlineData(224, 4, 5, 20)]
    public void Shot_noise_is_Poissons(int side, int severity, int photons, byte level)
    {
        // Below the clip at c photons lies all but a sliver of a mean of c·level/255 < 0.4.
        double mean = photons * level / 255.0;
        int[] counts = Counts(new ShotNoise(severity), side, level);
        double p = Math.Exp(-mean);
        for (int k = 0; k < photons; k++, p *= mean / k)
        {
            AssertProportion(p, counts[255 / photons * k], counts.Sum());
        }
    }

    [Fact]
    public void Clipped_noise_piles_up_at_black_and_white()
    {
        // P(x + σn < 1/255) and P(x + σn ≥ 1) for x = 128/255, σ = 0.38: Φ(−1.31064) and Φ(−1.31063), from tables.
        int[] counts = Counts(new GaussianNoise(5), 224, 128);
        AssertProportion(0.09499, counts[0], counts.Sum());
        AssertProportion(0.09499, counts[255], counts.Sum());
    }

    [Theory]
    [InlineData(32, 1, 0.01)]
    [InlineData(224, 5, 0.27)]
    public void Impulse_noise_is_half_salt_half_pepper_and_leaves_the_rest(int side, int severity, double amount)
    {
        int[] counts = Counts(new ImpulseNoise(severity), side, 77);
        Assert.Equal(counts.Sum(), counts[0] + counts[77] + counts[255]);
        AssertProportion(amount / 2, counts[0], counts.Sum());
        AssertProportion(amount / 2, counts[255], counts.Sum());
    }

    [Theory]
    [InlineData("shot-noise")]
    [InlineData("speckle-noise")]
    public void Black_stays_black_where_noise_grows_with_the_level(string kind)
        => Assert.Equal(40_000, Counts((SampleNoise)CorruptionCatalog.Find(kind).Make(5, FrostTexture.Default), 32, 0, 40_000)[0]);

    [Fact]
    public void Any_distribution_is_drawn_from_as_it_is()
    {
        // Level v becomes v with weight 1, v + 1 with 2, … v + 9 with 10, cyclically.
        var noise = new LevelNoise((level, p) =>
        {
            for (int i = 0; i < 10; i++)
            {
                p[(level + i) & 255] = i + 1;
            }
        });
        const int count = 110_000;
        var image = new Image(count, 1, 1, [.. Enumerable.Repeat((byte)250, count)]);
        byte[] drawn = noise.Apply(image, CounterRandom.For(1, "levels", 0)).Samples;
        int[] counts = [.. Enumerable.Range(0, 10).Select(i => drawn.Count(sample => sample == (byte)(250 + i)))];
        Assert.Equal(count, counts.Sum());

        // χ² with 9 degrees of freedom: 99.9 % lie below 27.9.
        Assert.True(counts.Select((n, i) => Math.Pow(n - (2000.0 * (i + 1)), 2) / (2000 * (i + 1))).Sum() < 27.9);
    }

    private static void AssertMoments(SampleNoise noise, int side, byte level, double mean, double deviation)
    {
        int[] counts = Counts(noise, side, level);
        double n = counts.Sum();
        double actual = counts.Select((count, value) => (double)count * value).Sum() / n;
        double variance = counts.Select((count, value) => count * Math.Pow(value - actual, 2)).Sum() / (n - 1);
        Assert.InRange(actual, mean - (5 * deviation / Math.Sqrt(n)), mean + (5 * deviation / Math.Sqrt(n)));

        // The variance of a normal variable's variance is 2σ⁴/n.
        double error = 5 * Math.Sqrt(2 / n) * deviation * deviation;
        Assert.InRange(variance, (deviation * deviation) - error, (deviation * deviation) + error);
    }

    private static void AssertProportion(double p, int count, int of)
        => Assert.InRange((double)count / of, p - (5 * Math.Sqrt(p * (1 - p) / of)), p + (5 * Math.Sqrt(p * (1 - p) / of)));

    private static int[] Counts(SampleNoise noise, int side, byte level, int samples = 200_000)
    {
        var image = new Image(side, samples / side, 1, [.. Enumerable.Repeat(level, samples / side * side)]);
        int[] counts = new int[256];
        foreach (byte sample in noise.Apply(image, CounterRandom.For(9, noise.Name, 0)).Samples)
        {
            counts[sample]++;
        }

        return counts;
    }
}
