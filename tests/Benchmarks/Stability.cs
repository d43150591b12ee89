using System.Diagnostics;
using AuditKit.Checks;
using AuditKit.Evidence;
using AuditKit.Imaging;

namespace AuditKit.Benchmarks;

/// <summary>
/// Images per second through loading, perturbation, ResNet-20 and the evidence store, over 10,000 CIFAR-10 test
/// images, against a bare forward over batches in memory in the same run.
/// </summary>
internal static class Stability
{
    /// <param name="arguments">The folder with models and data (../shared), the number of images (10000).</param>
    public static void Run(string[] arguments)
    {
        int images = int.Parse(arguments.ElementAtOrDefault(1) ?? "10000");
        using var bench = new Cifar10Bench(arguments.ElementAtOrDefault(0) ?? "../shared", images);
        CheckContext context = bench.Context();
        using EvidenceStore evidence = context.Evidence;
        (double before, _) = bench.Bare.Best();
        Measure("clean", () => InferencePass.RunClean(context));
        foreach (string name in new[] { "jpeg-50", "crop-2", "thumb-196" })
        {
            Measure(name, () => InferencePass.RunPerturbed(context, PerturbationCatalog.Parse(name)));
        }

        var clean = evidence.Predictions(InferencePass.Clean);
        int first = Math.Min(2000, images);
        int flips = clean.Zip(evidence.Predictions("jpeg-50")).Take(first).Count(pair => pair.First.Predicted != pair.Second.Predicted);
        Console.WriteLine($"jpeg-50 flips {100.0 * flips / first:F1} % of the first {first:N0} images");

        void Measure(string condition, Action pass)
        {
            long started = Stopwatch.GetTimestamp();
            pass();
            double rate = images / Stopwatch.GetElapsedTime(started).TotalSeconds;
            // The machine's speed wanders: the better of the bare rates before and after.
            (double after, _) = bench.Bare.Best();
            double best = Math.Max(before, after);
            before = after;
            Console.WriteLine($"{condition,-10}{rate,8:N0} images/s, {rate / best:F2} of the best bare rate ({best:N0})");
        }
    }
}
