using System.Globalization;
using AuditKit.Imaging;
using AuditKit.Imaging.Corruptions;

namespace AuditKit.Tests.Imaging.Corruptions;

/// <summary>Against what the published code makes of the same images: see generate.py.</summary>
public sealed class PublishedPixelsTests
{
    private static string Folder { get; } = Path.Combine(Repository.Root, "tests", "AuditKit.Tests", "Imaging", "Corruptions");

    public static TheoryData<string, string, int> Deterministic()
    {
        var rows = new TheoryData<string, string, int>();
        foreach (string[] cells in File.ReadLines(Path.Combine(Folder, "pixels.csv")).Select(line => line.Split(',')))
        {
            rows.Add(cells[0], cells[3], int.Parse(cells[2]));
        }

        return [.. rows.DistinctBy(row => row.Data)];
    }

    [Theory]
    [MemberData(nameof(Deterministic))]
    public void Without_chance_every_pixel_is_the_published_codes_within_a_level(string kind, string scene, int side)
    {
        Image image = scene == "noise" ? Synthetic.Noise(side, side, 3) : Synthetic.Scene(side, side, 3);
        string[][] rows = [.. File.ReadLines(Path.Combine(Folder, "pixels.csv")).Select(line => line.Split(','))
            .Where(cells => cells[0] == kind && cells[3] == scene && cells[2] == $"{side}")];
        Assert.Equal(5, rows.Length);
        foreach (string[] cells in rows)
        {
            Corruption corruption = CorruptionCatalog.Find(kind).Make(int.Parse(cells[1]), FrostTexture.Default);
            byte[] samples = corruption.Apply(image, CounterRandom.For(1, "", 0)).Samples;
            byte[] expected = Convert.FromHexString(cells[4]);
            byte[] actual = [.. expected.Select((_, i) => samples[i * 7919 % samples.Length])];
            Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.Second - pair.First, -1, 1));

            // Compression and pixelation use the published code's own libraries or their arithmetic.
            if (kind is "jpeg-compression" or "pixelate")
            {
                Assert.Equal(expected, actual);
            }
        }
    }

    public static TheoryData<string, int> Random()
        => [.. File.ReadLines(Path.Combine(Folder, "moments.csv")).Skip(1).Select(line => line.Split(','))
            .Select(cells => (cells[0], int.Parse(cells[2]))).Distinct()];

    [Theory]
    [MemberData(nameof(Random))]
    public void With_chance_the_moments_are_the_published_codes(string kind, int side)
    {
        Image image = Synthetic.Scene(side, side, 3);
        foreach (double[] row in File.ReadLines(Path.Combine(Folder, "moments.csv")).Skip(1).Select(line => line.Split(','))
            .Where(cells => cells[0] == kind && cells[2] == $"{side}")
            .Select(cells => cells[1..].Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray()))
        {
            (int severity, int theirDraws) = ((int)row[0], (int)row[2]);
            (double theirMean, double theirDeviation, double theirNoise, double theirStep) = (row[3], row[4], row[5], row[6]);
            Corruption corruption = CorruptionCatalog.Find(kind).Make(severity, FrostTexture.Default);
            int draws = side == 32 ? 200 : 6;
            byte[][] images = [.. Enumerable.Range(0, draws).Select(i => corruption.Apply(image, CounterRandom.For(3, kind, i)).Samples)];

            double[] means = [.. images.Select(samples => samples.Average(sample => (double)sample))];
            double mean = means.Average(), deviation = Deviation(means);
            double noise = Enumerable.Range(0, images[0].Length).Average(i => Deviation([.. images.Select(samples => (double)samples[i])]));
            double step = images.Average(samples => Enumerable.Range(0, samples.Length)
                .Where(i => i / 3 % side < side - 1).Average(i => (double)Math.Abs(samples[i + 3] - samples[i])));

            // Five standard errors of the difference, and a third of a level for whole levels lost to rounding errors.
            double error = Math.Sqrt((deviation * deviation / draws) + (theirDeviation * theirDeviation / theirDraws));
            Assert.InRange(mean, theirMean - (5 * error) - 0.35, theirMean + (5 * error) + 0.35);
            // Six draws of large images are few where one draw, such as a direction, moves all pixels.
            (double spread, double slope) = side == 32 ? (0.08, 0.06) : (0.6, 0.12);
            Assert.InRange(noise, (theirNoise * (1 - spread)) - 0.3, (theirNoise * (1 + spread)) + 0.3);
            Assert.InRange(step, (theirStep * (1 - slope)) - 0.1, (theirStep * (1 + slope)) + 0.1);
        }
    }

    private static double Deviation(double[] values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
    }
}
