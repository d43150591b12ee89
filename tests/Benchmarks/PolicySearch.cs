using System.Diagnostics;
using AuditKit.Checks.Tta;

namespace AuditKit.Benchmarks;

/// <summary>Seconds that the greedy search of GPS takes once the predictions are there.</summary>
internal static class PolicySearch
{
    /// <param name="arguments">Sub-policies (1101), images (5000), classes (10), steps (20), threads (2).</param>
    public static void Run(string[] arguments)
    {
        int[] defaults = [1101, 5000, 10, 20, 2];
        int[] sizes = [.. defaults.Select((size, i) => int.Parse(arguments.ElementAtOrDefault(i) ?? $"{size}"))];
        (int candidates, int images, int classes, int steps, int threads) = (sizes[0], sizes[1], sizes[2], sizes[3], sizes[4]);
        int[] labels = [.. Enumerable.Range(0, images).Select(i => CounterRandom.For(1, "label", i).NextInt32(classes))];
        var search = new GreedyPolicySearch(classes, labels);
        float[] probabilities = new float[images * classes];
        for (int candidate = 0; candidate < candidates; candidate++)
        {
            // Candidates between right most of the time and hardly ever, each with scatter of its own.
            double signal = 1 + (3.0 * candidate / candidates);
            Parallel.For(0, images, image =>
            {
                var random = CounterRandom.For(candidate, "prediction", image);
                Span<float> row = probabilities.AsSpan(image * classes, classes);
                double sum = 0;
                for (int k = 0; k < classes; k++)
                {
                    row[k] = (float)Math.Exp(random.NextNormal() + (k == labels[image] ? signal : 0));
                    sum += row[k];
                }

                foreach (ref float p in row)
                {
                    p = (float)(p / sum);
                }
            });
            search.Add(probabilities);
        }

        foreach (PolicyCriterion criterion in Enum.GetValues<PolicyCriterion>())
        {
            long started = Stopwatch.GetTimestamp();
            IReadOnlyList<PolicyChoice> choices = search.Run(steps, criterion, threads, _ => { });
            Console.WriteLine(
                $"{criterion}: {Stopwatch.GetElapsedTime(started).TotalSeconds:F2} s for {steps} of {candidates} sub-policies, {images:N0} "
                    + $"images, {classes} classes, "
                + $"{threads} threads; ends at {choices[^1].Score:F5}");
        }

        Console.WriteLine($"peak memory {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MB");
    }
}
