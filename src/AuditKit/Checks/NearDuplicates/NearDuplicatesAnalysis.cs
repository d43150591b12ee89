using AuditKit.Evidence;
using AuditKit.Gates;
using AuditKit.Imaging;
using AuditKit.Results;
using AuditKit.Statistics;

namespace AuditKit.Checks.NearDuplicates;

/// <summary>How well a threshold on the distance of embeddings tells an image's perturbed copy from another image.</summary>
public sealed class NearDuplicatesAnalysis(NearDuplicatesOptions options) : IAnalysis
{
    private const string Check = "near-duplicates";

    private static readonly MethodText s_text = MethodText.Of<NearDuplicatesAnalysis>();

    /// <summary>Bins of the drawn distributions.</summary>
    private const int Bins = 40;

    /// <summary>Points of a drawn precision–recall curve.</summary>
    private const int CurvePoints = 100;

    /// <inheritdoc/>
    public Section Analyse(EvidenceStore evidence, double confidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        long seed = AuditSeed.Read(evidence);
        float[] different = Distances(evidence, DifferentImages.Pairs);
        Perturbed[] perturbed = [.. options.Perturbations
            .Select(perturbation => Perturbed.Of(perturbation, Distances(evidence, InferencePass.Under(perturbation)), different, seed))];
        Perturbed worst = perturbed.MinBy(p => p.AveragePrecision.Value)!;
        return new Section
        {
            Check = Check,
            Title = "Near-duplicates",
            Summary = $"Each of {NumberText.Count(different.Length)} images was compared with its own copy after "
                + $"{WordList.Of([.. perturbed.Select(p => p.Name)])}, and with another image of the data. "
                + "Where the model's embeddings are stable, a threshold on their distance tells the two apart. "
                + $"It does so worst under {worst.Name}: average precision {NumberText.Percent(worst.AveragePrecision.Value)}; telling "
                    + "nothing gives about 50 %.",
            Method =
            [
                .. options.Perturbations.Select(perturbation => $"{perturbation.Name}: {perturbation.Description}"),
                s_text.Paragraph("distance"),
                s_text.Paragraph("precision-recall"),
                s_text.Paragraph("intervals", ("confidence", NumberText.ExactPercent(confidence)), ("resamples", NumberText.Count(Bootstrap.Resamples))),
            ],
            Findings = [.. perturbed.Select(p => Gate.Judge(Check, "average precision", p.Name, p.AveragePrecision, options.MinAveragePrecision, confidence))],
            Charts = [Distributions(perturbed, different), Curves(perturbed)],
            Tables = [Thresholds(perturbed, different)],
        };
    }

    private static float[] Distances(EvidenceStore evidence, Condition condition)
        => [.. CleanOutcomes.ReadPredictions(evidence, condition).Select(prediction => prediction.Distance)];

    private static Chart Distributions(Perturbed[] perturbed, float[] different)
    {
        // Up to where all but a thousandth of the different pairs lie; what is farther counts in the last bin.
        double end = Math.Max(Quantile.Censored(different.Select(d => (double)d), 0, 0.999)!.Value, perturbed
            .Max(p => Quantile.Censored(p.Distances.Select(d => (double)d), 0, 0.99)!.Value));
        return new Chart
        {
            Title = $"Distances between embeddings: share of pairs in each of {Bins} bins",
            Kind = ChartKind.Line,
            XLabel = "distance D",
            YLabel = "share of pairs",
            Series = [.. perturbed.Select(p => Histogram(p.Name, p.Distances)), Histogram("different images", different)],
        };

        ChartSeries Histogram(string name, float[] distances)
        {
            int[] counts = new int[Bins];
            foreach (float distance in distances)
            {
                counts[end == 0 ? 0 : Math.Min((int)(distance / end * Bins), Bins - 1)]++;
            }

            return new ChartSeries
            {
                Name = name,
                X = [.. Enumerable.Range(0, Bins).Select(bin => (bin + 0.5) * end / Bins)],
                Y = [.. counts.Select(count => (double)count / distances.Length)],
            };
        }
    }

    private static Chart Curves(Perturbed[] perturbed) => new()
    {
        Title = "Precision and recall of near-duplicate detection, by threshold",
        Kind = ChartKind.Line,
        XLabel = "recall",
        YLabel = "precision",
        Series = [.. perturbed.Select(p =>
        {
            OperatingPoint[] shown = [.. p.Points.Where((point, i) => i % Math.Max(1, p.Points.Count / CurvePoints) == 0 || i == p.Points.Count - 1)];
            return new ChartSeries { Name = p.Name, X = [.. shown.Select(point => point.Recall)], Y = [.. shown.Select(point => point.Precision)] };
        })],
    };

    private static Table Thresholds(Perturbed[] perturbed, float[] different) => new(
        "The threshold with the best balance (F1), found on these images",
        ["Perturbation", "Median distance", "Median distance of different images", "Threshold", "Precision", "Recall", "Average precision"],
        [
            .. perturbed.Select(p =>
            {
                OperatingPoint best = p.Points.MaxBy(point => point.F1);
                return new[]
                {
                    p.Name, NumberText.Value(Median(p.Distances)), NumberText.Value(Median(different)),
                    NumberText.Value(best.Threshold), NumberText.Percent(best.Precision), NumberText.Percent(best.Recall),
                        NumberText.Percent(p.AveragePrecision.Value),
                };
            }),
        ]);

    private static double? Median(float[] values) => Quantile.Censored(values.Select(value => (double)value), 0, 0.5);

    private sealed record Perturbed(string Name, float[] Distances, BootstrapEstimate AveragePrecision, IReadOnlyList<OperatingPoint> Points)
    {
        public static Perturbed Of(IPerturbation perturbation, float[] distances, float[] different, long seed)
        {
            var detector = new PrecisionRecall(distances, different);
            BootstrapEstimate average = Bootstrap.Estimate(distances.Length, seed, $"near-duplicates/{perturbation.Name}", detector.AveragePrecision)[0];
            return new(perturbation.Name, distances, average, [.. detector.Points]);
        }
    }
}
