using System.Diagnostics;
using AuditKit.Imaging;
using AuditKit.Imaging.Corruptions;

namespace AuditKit.Benchmarks;

/// <summary>
/// Images per second through each corruption on two threads, draws included: the best of many rounds, each short
/// enough to go undisturbed by what else the machine does.
/// </summary>
internal static class Corruptions
{
    private const int Threads = 2;
    private const int Rounds = 25;
    private static readonly TimeSpan Warming = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(15);

    /// <param name="arguments">The severity (3).</param>
    public static void Run(string[] arguments)
    {
        int severity = int.Parse(arguments.ElementAtOrDefault(0) ?? "3");
        Console.WriteLine($"{"severity " + severity,-22}{"32 px",12}{"224 px",12}   images/s on {Threads} threads");
        double[] seconds = new double[4];
        foreach (CorruptionKind kind in CorruptionCatalog.Kinds)
        {
            Corruption corruption = kind.Make(severity, FrostTexture.Default);
            double[] rates = [.. new[] { 32, 224 }.Select(size => Rate(corruption, [.. Enumerable.Range(0, 16).Select(seed => Scenes.Make(size, 3, seed))]))];
            Console.WriteLine($"{kind.Name,-22}{rates[0],12:N0}{rates[1],12:N0}");
            for (int i = 0; i < rates.Length; i++)
            {
                seconds[i] += kind.InBenchmark ? 1000 / rates[i] : 0;
                seconds[i + 2] += 1000 / rates[i];
            }
        }

        Console.WriteLine($"{"s / 1,000 images, 15",-22}{seconds[0],12:F3}{seconds[1],12:F3}");
        Console.WriteLine($"{"s / 1,000 images, 19",-22}{seconds[2],12:F3}{seconds[3],12:F3}");
    }

    private static double Rate(Corruption corruption, Image[] images)
    {
        _ = Once(Warming);
        return Enumerable.Range(0, Rounds).Max(_ => Once(Round));

        double Once(TimeSpan atLeast)
        {
            long started = Stopwatch.GetTimestamp();
            int[] done = new int[Threads];
            Parallel.For(0, Threads, new ParallelOptions { MaxDegreeOfParallelism = Threads }, thread =>
            {
                int count = 0;
                do
                {
                    corruption.Apply(images[count % images.Length], CounterRandom.For(thread, corruption.Name, count));
                    count++;
                }
                while (Stopwatch.GetElapsedTime(started) < atLeast);

                done[thread] = count;
            });
            return done.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds;
        }
    }
}
