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
    /// <summary>Images between two measurements of the bare forward.</summary>
    private const int Slice = 1000;

    /// <param name="arguments">The folder with models and data (../shared), the number of images (10000).</param>
    public static void Run(string[] arguments)
    {
        int images = int.Parse(arguments.ElementAtOrDefault(1) ?? "10000");
        using var bench = new Cifar10Bench(arguments.ElementAtOrDefault(0) ?? "../shared", images);
        CheckContext context = bench.Context();
        using EvidenceStore evidence = context.Evidence;
        Measure("clean", InferencePass.RunClean);
        foreach (string name in new[] { "jpeg-50", "crop-2", "thumb-196" })
        {
            Measure(name, sliced => InferencePass.RunPerturbed(sliced, PerturbationCatalog.Parse(name)));
        }

        var clean = evidence.Predictions(Condition.Clean);
        int first = Math.Min(2000, images);
        int flips = clean.Zip(evidence.Predictions(InferencePass.Under(PerturbationCatalog.Parse("jpeg-50"))))
            .Take(first).Count(pair => pair.First.Predicted != pair.Second.Predicted);
        Console.WriteLine($"jpeg-50 flips {100.0 * flips / first:F1} % of the first {first:N0} images");

        void Measure(string condition, Action<CheckContext> pass)
        {
            var pace = new Pace(bench.Bare);
            long next = Slice;
            pass(context with
            {
                Progress = progress =>
            {
                if (progress.Done >= next || progress.Done == images)
                {
                    pace.EndSlice();
                    next += Slice;
                }
            }
            });
            Console.WriteLine($"{condition,-10}{pace.Describe(images)}");
        }
    }
}
