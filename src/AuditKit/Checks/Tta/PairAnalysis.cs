using AuditKit.Gates;
using AuditKit.Imaging.Corruptions;
using AuditKit.Results;
using AuditKit.Statistics;

namespace AuditKit.Checks.Tta;

/// <summary>
/// Which of two variants is better, image by image: at the most model calls that both were measured at, and where one has no more samples
/// to give, each at its most.
/// </summary>
internal static class PairAnalysis
{
    /// <summary>The differences of every pair: of the images as they are, in each other state, and over all corruptions.</summary>
    public static IEnumerable<Finding> Analyse(IReadOnlyList<TtaPair> pairs, IReadOnlyList<MeasuredVariant> measured, long seed, double confidence)
    {
        foreach (TtaPair pair in pairs)
        {
            (MeasuredVariant First, MeasuredVariant Second)[] states =
                [.. Of(pair.First).Zip(Of(pair.Second))];
            foreach ((MeasuredVariant first, MeasuredVariant second) in states)
            {
                (MeasuredPoint a, MeasuredPoint b) = Points(first, second);
                string under = first.Variant.Under is { } perturbation ? $" under {perturbation.Name}" : "";
                string subject = $"{pair}{under}, {Calls(a, b)}";
                yield return Gain(subject, Difference(a, b), seed, confidence);
                yield return Gate.Judge(
                    TtaCheck.Key, "accuracy gain", subject, PairedProportions.Of(a.IsCorrect.Zip(b.IsCorrect)), null, confidence);
            }

            (MeasuredPoint First, MeasuredPoint Second)[] corrupted =
                [.. states.Where(state => state.First.Variant.Under is Corruption).Select(state => Points(state.First, state.Second))];
            if (corrupted.Length > 1)
            {
                double[][] differences = [.. corrupted.Select(points => Difference(points.First, points.Second))];
                double[] means = [.. Enumerable.Range(0, differences[0].Length).Select(i => differences.Average(each => each[i]))];
                yield return Gain($"{pair} over {corrupted.Length} corruptions, {Calls(corrupted[0].First, corrupted[0].Second)}", means, seed, confidence);
            }
        }

        IEnumerable<MeasuredVariant> Of(string key) => measured.Where(each => each.Variant.Key == key);
    }

    /// <summary>The error averaged over all corruptions, not normalised by any other model's: of every variant, at its most samples.</summary>
    public static IEnumerable<Finding> MeanErrors(IReadOnlyList<MeasuredVariant> measured, double confidence)
    {
        foreach (MeasuredVariant[] states in measured.Where(each => each.Variant.Under is Corruption).GroupBy(each => each.Variant.Method)
            .Select(states => states.ToArray()).Where(states => states.Length > 1))
        {
            double[] errors = [.. states[0].Last.IsCorrect.Index().Select(image => states.Average(state => state.Last.IsCorrect[image.Index] ? 0.0 : 1.0))];
            yield return Gate.Judge(
                TtaCheck.Key, "mean corruption error", $"{states[0].Variant.Method}, {states[0].Last.Samples}", Mean.Of(errors), null, confidence,
                isProportion: true);
        }
    }

    private static (MeasuredPoint First, MeasuredPoint Second) Points(MeasuredVariant first, MeasuredVariant second)
    {
        // With fewer calls than models, an ensemble is a part of itself.
        int models = Math.Max(first.Variant.Models, second.Variant.Models);
        int[] shared = [.. first.Points.Select(point => point.Samples).Intersect(second.Points.Select(point => point.Samples)).Where(calls => calls >= models)];
        return shared.Length == 0 || IsAtItsEnd(first, second) || IsAtItsEnd(second, first) ? (first.Last, second.Last) : (At(first), At(second));

        MeasuredPoint At(MeasuredVariant variant) => variant.Points.Single(point => point.Samples == shared.Max());
    }

    // The first samples of a policy are a policy, but some corners are no five crops, nor is one model an ensemble.
    private static bool IsAtItsEnd(MeasuredVariant variant, MeasuredVariant other) => variant.Variant.Views is { Samples: not null } views
        && (views is not PolicyViews || variant.Last.Samples < other.Last.Samples);

    private static string Calls(MeasuredPoint a, MeasuredPoint b)
        => a.Samples == b.Samples ? NumberText.Count(a.Samples, "model call", "model calls") : $"{a.Samples} and {b.Samples} model calls";

    private static double[] Difference(MeasuredPoint a, MeasuredPoint b) => [.. a.CalibratedOf.Zip(b.CalibratedOf, (x, y) => x - y)];

    private static Finding Gain(string subject, double[] differences, long seed, double confidence) => new()
    {
        Check = TtaCheck.Key,
        Metric = "calibrated log-likelihood gain",
        Subject = subject,
        IsProportion = false,
        Estimate = differences.Average(),
        Interval = Bootstrap.OfMean(differences, seed, "tta/pair", confidence),
        Method = $"paired bootstrap {NumberText.ExactPercent(confidence)}, {Bootstrap.Resamples} resamples",
        Count = differences.Length,
    };
}
