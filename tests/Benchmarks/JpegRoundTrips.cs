using System.Diagnostics;
using AuditKit.Imaging;
using AuditKit.Imaging.TransformCoding;
using AuditKit.Tests.Imaging.TransformCoding;

namespace AuditKit.Benchmarks;

/// <summary>
/// JPEG without a file against libjpeg-turbo's encoder and decoder, on one thread: both by turns in short slices, so
/// that what else the machine does slows both, and the ratio of the times of two slices beside each other.
/// </summary>
internal static class JpegRoundTrips
{
    private const int WarmingSlices = 150;
    private const int Slices = 600;
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(2);

    public static void Run(string[] arguments)
    {
        Console.WriteLine($"{"quality",-10}{"input",-12}{"µs, median",12}{"µs, best",10}{"libjpeg-turbo: median",23}{"best",8}{"ratio: median",16}{"best",8}");
        foreach ((int size, int channels) in ((int, int)[])[(28, 1), (32, 3), (224, 3)])
        {
            Image[] images = [.. Enumerable.Range(0, 32).Select(seed => Scenes.Make(size, channels, seed))];
            foreach (int quality in (int[])[20, 50, 80])
            {
                Measure(images, quality);
            }
        }
    }

    private static void Measure(Image[] images, int quality)
    {
        var pairs = new List<(double Ours, double Theirs)>();
        for (int i = 0; i < WarmingSlices + Slices; i++)
        {
            double ours = Microseconds(images, image => JpegRoundTrip.Apply(image, quality));
            double theirs = Microseconds(images, image => TurboJpeg.RoundTrip(image, quality));
            if (i >= WarmingSlices)
            {
                pairs.Add((ours, theirs));
            }
        }

        (double our, double their) = (pairs.Min(pair => pair.Ours), pairs.Min(pair => pair.Theirs));
        string input = $"{images[0].Channels}×{images[0].Height}×{images[0].Width}";
        Console.WriteLine(
            $"{quality,-10}{input,-12}{Median(pairs.Select(pair => pair.Ours)),12:F2}{our,10:F2}"
            + $"{Median(pairs.Select(pair => pair.Theirs)),23:F2}{their,8:F2}"
            + $"{Median(pairs.Select(pair => pair.Theirs / pair.Ours)),16:F2}{their / our,8:F2}");
    }

    private static double Microseconds(Image[] images, Func<Image, Image> roundTrip)
    {
        long started = Stopwatch.GetTimestamp();
        int done = 0;
        do
        {
            GC.KeepAlive(roundTrip(images[done % images.Length]));
            done++;
        }
        while (Stopwatch.GetElapsedTime(started) < Slice);

        return Stopwatch.GetElapsedTime(started).TotalMicroseconds / done;
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
