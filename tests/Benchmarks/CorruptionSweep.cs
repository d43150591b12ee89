using AuditKit.Checks;
using AuditKit.Checks.Corruptions;
using AuditKit.Evidence;

namespace AuditKit.Benchmarks;

/// <summary>
/// The whole corruptions check, 15 corruptions at five severities, over CIFAR-10 test images with ResNet-20: loading,
/// corrupting, predicting and the evidence store, against a bare forward over batches in memory in the same run.
/// </summary>
internal static class CorruptionSweep
{
    /// <param name="arguments">The folder with models and data (../shared), the number of images (400).</param>
    public static void Run(string[] arguments)
    {
        int images = int.Parse(arguments.ElementAtOrDefault(1) ?? "400");
        using var bench = new Cifar10Bench(arguments.ElementAtOrDefault(0) ?? "../shared", images);
        CheckContext context = bench.Context();
        using EvidenceStore evidence = context.Evidence;
        var options = new CorruptionsOptions();
        InferencePass.RunClean(context);
        var pace = new Pace(bench.Bare);
        new CorruptionsCheck(options).Run(context with
        {
            Progress = progress =>
            {
                if (progress.Done == images)
                {
                    pace.EndSlice();
                }
            },
        });
        long predictions = (long)images * options.Cells.Count();
        Console.WriteLine($"{options.Cells.Count()} × {images:N0} images: {pace.Describe(predictions)}");
        Console.WriteLine($"wall time {pace.BareImages / predictions:F2} × that of the bare forward of {predictions:N0} images");
        double error = evidence.Conditions.Where(condition => condition.Kind == ConditionKind.Corrupted).Average(condition => evidence.Predictions(condition)
            .Average(prediction => prediction.Predicted == bench.Data.Label(prediction.Image) ? 0.0 : 1));
        Console.WriteLine($"mean corruption error {100 * error:F1} %");
    }
}
