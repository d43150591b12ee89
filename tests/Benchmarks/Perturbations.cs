using System.Diagnostics;
using AuditKit.Imaging;

namespace AuditKit.Benchmarks;

/// <summary>Images per second through each perturbation on one thread, draws included: the best of several rounds.</summary>
internal static class Perturbations
{
    private const int Rounds = 5;
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(0.4);

    public static void Run(string[] arguments)
    {
        Console.WriteLine($"{"condition",-14}{"input",-12}{"images/s",12}{"bytes/image",14}");
        foreach ((int size, int channels) in ((int, int)[])[(28, 1), (32, 3), (224, 3)])
        {
            Image[] images = [.. Enumerable.Range(0, 64).Select(seed => Scene(size, channels, seed))];
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
        double best = 0;
        long allocated = 0;
        for (int round = 0; round <= Rounds; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            long started = Stopwatch.GetTimestamp();
            int done = 0;
            while (Stopwatch.GetElapsedTime(started) < Round)
            {
                for (int i = 0; i < images.Length; i++, done++)
                {
                    apply(images[i], done);
                }
            }

            // Round 0 is for the compiler.
            best = round == 0 ? 0 : Math.Max(best, done / Stopwatch.GetElapsedTime(started).TotalSeconds);
            allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / done;
        }

        Image first = images[0];
        Console.WriteLine($"{name,-14}{$"{first.Channels}×{first.Height}×{first.Width}",-12}{best,12:N0}{allocated,14:N0}");
    }

    // A shaded disc over a gradient and a little noise: about as many bits as a photograph.
    private static Image Scene(int size, int channels, int seed)
    {
        CounterRandom random = CounterRandom.For(seed, "scene", size);
        (int x0, int y0, int radius) = (random.NextInt32(size), random.NextInt32(size), (size / 6) + random.NextInt32(size / 3));
        var image = new Image(size, size, channels);
        for (int i = 0; i < image.Samples.Length; i++)
        {
            (int x, int y, int c) = (i / channels % size, i / channels / size, i % channels);
            bool inside = ((x - x0) * (x - x0)) + ((y - y0) * (y - y0)) < radius * radius;
            image.Samples[i] = (byte)((inside ? 90 + (20 * c) : 20) + ((x + (y * (c + 1))) * 100 / (4 * size)) + random.NextInt32(12));
        }

        return image;
    }
}
