using System.Diagnostics;
using AuditKit.Imaging;

namespace AuditKit.Benchmarks;

/// <summary>
/// Images per second through each perturbation on one thread, draws included: the best of many rounds, each short
/// enough to go undisturbed by what else the machine does.
/// </summary>
internal static class Perturbations
{
    private const int Rounds = 200;
    private static readonly TimeSpan Warming = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(4);

    public static void Run(string[] arguments)
    {
        Console.WriteLine($"{"condition",-14}{"input",-12}{"images/s",12}{"bytes/image",14}");
        foreach ((int size, int channels) in ((int, int)[])[(28, 1), (32, 3), (224, 3)])
        {
            Image[] images = [.. Enumerable.Range(0, 64).Select(seed => Scenes.Make(size, channels, seed))];
            foreach (string name in (string[])["jpeg-50", $"crop-{size / 16}", $"thumb-{size * size / 4}"])
            {
                IPerturbation perturbation = PerturbationCatalog.Parse(name);
                Measure(name, images, (image, i) => perturbation.Apply(image, CounterRandom.For(1, name, i)));
            }

            var transform = new InputTransform(new(3, size, size));
            float[] pixels = new float[transform.Input.Length];
            Measure("to floats", images, (image, _) => transform.Apply(image, pixels));
        }
    }

    private static void Measure(string name, Image[] images, Action<Image, int> apply)
    {
        _ = Rate(images, apply, Warming);
        long before = GC.GetAllocatedBytesForCurrentThread();
        apply(images[0], 0);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        double best = Enumerable.Range(0, Rounds).Max(_ => Rate(images, apply, Round));
        Image first = images[0];
        Console.WriteLine($"{name,-14}{$"{first.Channels}×{first.Height}×{first.Width}",-12}{best,12:N0}{allocated,14:N0}");
    }

    private static double Rate(Image[] images, Action<Image, int> apply, TimeSpan atLeast)
    {
        long started = Stopwatch.GetTimestamp();
        int done = 0;
        do
        {
            apply(images[done % images.Length], done);
            done++;
        }
        while (Stopwatch.GetElapsedTime(started) < atLeast);

        return done / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
