using AuditKit.Evidence;
using AuditKit.Gates;
using AuditKit.Imaging;
using AuditKit.Results;
using AuditKit.Statistics;

namespace AuditKit.Checks.Stability;

/// <summary>
/// Flip rate, accuracy and change of confidence under each perturbation, and how far embeddings move compared with
/// the distances between different images.
/// </summary>
public sealed class StabilityAnalysis(StabilityOptions options) : IAnalysis
{
    private const string Check = "stability";

    private static readonly MethodText s_text = MethodText.Of<StabilityAnalysis>();

    /// <summary>Steps of a drawn distribution: every second percentile.</summary>
    private const int Steps = 50;

    /// <inheritdoc/>
    public Section Analyse(EvidenceStore evidence, double confidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        var clean = CleanOutcomes.Read(evidence);
        float[] between = [.. evidence.Predictions(DifferentImages.Pairs).Select(pair => pair.Distance)];
        Perturbed[] perturbed = [.. options.Perturbations.Select(perturbation => Perturbed.Read(evidence, clean, perturbation, between))];
        return new Section
        {
            Check = Check,
            Title = "Stability",
            Summary = Summary(clean, perturbed),
            Method = Method(confidence, between.Length > 0),
            Findings =
            [
                .. perturbed.Select(p => Gate.Judge(Check, "flip rate", p.Name, p.Flips, options.MaxFlipRate, confidence)),
                .. perturbed.Select(p => Gate.Judge(Check, "accuracy", p.Name, p.Correct, null, confidence)),
                .. perturbed.Select(p => Gate.Judge(Check, "mean |Δ confidence|", p.Name, p.ConfidenceChange, null, confidence)),
                .. perturbed.Where(_ => between.Length > 0)
                    .Select(p => Gate.Judge(Check, "nearer than a different image", p.Name, p.Nearer, null, confidence)),
            ],
            Charts = [FlipChart(perturbed, confidence), .. between.Length > 0 ? [DistanceChart(perturbed, between)] : Array.Empty<Chart>()],
            Tables = [Overview(clean, perturbed, between)],
            Examples = [.. perturbed.SelectMany(p => ChangedAnswer.Read(evidence, p.Condition, p.Name, clean, image => p.Predictions[image]))],
        };
    }

    private static string Summary(CleanOutcomes clean, Perturbed[] perturbed)
    {
        Perturbed worst = perturbed.MaxBy(p => p.Flips.Estimate)!;
        return $"Each of {NumberText.Count(clean.Count)} images was classified as it is and after {WordList.Of([.. perturbed.Select(p => p.Name)])}. "
            + $"A change that a person hardly sees should not change the answer: the prediction flips most often under {worst.Name}, for "
                + $"{NumberText.Percent(worst.Flips.Estimate)} of the images. "
            + "Flips count whether the first answer was right or wrong.";
    }

    private string[] Method(double confidence, bool distances) =>
    [
        .. options.Perturbations.Select(perturbation => $"{perturbation.Name}: {perturbation.Description}"),
        s_text.Paragraph("perturbations"),
        s_text.Paragraph("flip-rate"),
        s_text.Paragraph(distances ? "distance" : "no-embedding"),
        s_text.Paragraph("intervals", ("confidence", NumberText.ExactPercent(confidence))),
    ];

    private Chart FlipChart(Perturbed[] perturbed, double confidence) => ProportionBars.Draw(
        "Flip rate under each perturbation",
        "flip rate",
        "perturbation",
        [.. perturbed.Select(p => new Group(p.Name, p.Flips))],
        options.MaxFlipRate,
        confidence);

    private static Chart DistanceChart(Perturbed[] perturbed, float[] between) => new()
    {
        Title = "Distances between embeddings: an image and its perturbed copy, against two different images (cumulative)",
        Kind = ChartKind.Line,
        XLabel = "distance D",
        YLabel = "share of images at or below",
        Series = [.. perturbed.Select(p => Distribution(p.Name, p.Distances)), Distribution("different images", between)],
    };

    private static ChartSeries Distribution(string name, float[] distances)
    {
        float[] sorted = [.. distances.Order()];
        return new ChartSeries
        {
            Name = name,
            X = [.. Enumerable.Range(0, Steps + 1).Select(step => (double)sorted[Rank(step)])],
            Y = [.. Enumerable.Range(0, Steps + 1).Select(step => (Rank(step) + 1.0) / sorted.Length)],
        };

        int Rank(int step) => (int)Math.Round((sorted.Length - 1) * (double)step / Steps);
    }

    private static Table Overview(CleanOutcomes clean, Perturbed[] perturbed, float[] between)
    {
        var correct = Proportion.Of(Enumerable.Range(0, clean.Count).Select(clean.IsCorrect));
        return new Table(
            "Under each perturbation",
            ["Images", "Flip rate", "Accuracy", "Mean |Δ confidence|", "Median distance"],
            [
                ["unchanged", NumberText.None, NumberText.Percent(correct.Estimate), NumberText.None, NumberText.None],
                .. perturbed.Select(p => new[]
                {
                    p.Name,
                    NumberText.Percent(p.Flips.Estimate),
                    NumberText.Percent(p.Correct.Estimate),
                    NumberText.Value(p.ConfidenceChange.Value),
                    NumberText.Value(Median(p.Distances)),
                }),
                .. between.Length > 0
                    ? [["different images", NumberText.None, NumberText.None, NumberText.None, NumberText.Value(Median(between))]]
                    : Array.Empty<string[]>(),
            ]);
    }

    private static double? Median(float[] values) => Quantile.Censored(values.Select(value => (double)value), 0, 0.5);

    /// <summary>What one perturbation did.</summary>
    private sealed record Perturbed(Condition Condition, string Name, Prediction[] Predictions, Proportion Flips, Proportion Correct,
        Mean ConfidenceChange, Proportion Nearer)
    {
        /// <summary>Distances from the clean image's embedding; empty where no embedding is tapped.</summary>
        public required float[] Distances { get; init; }

        public static Perturbed Read(EvidenceStore evidence, CleanOutcomes clean, IPerturbation perturbation, float[] between)
        {
            Condition condition = InferencePass.Under(perturbation);
            Prediction[] predictions = CleanOutcomes.ReadPredictions(evidence, condition);
            return new(
                condition,
                perturbation.Name,
                predictions,
                Proportion.Of(predictions.Select(p => p.Predicted != clean.Predictions[p.Image].Predicted)),
                Proportion.Of(predictions.Select(p => p.Predicted == clean.Labels[p.Image])),
                Mean.Of(predictions.Select(p => (double)Math.Abs(p.Confidence - clean.Predictions[p.Image].Confidence))),
                Proportion.Of(between.Select((distance, image) => predictions[image].Distance < distance)))
            {
                Distances = between.Length > 0 ? [.. predictions.Select(p => p.Distance)] : [],
            };
        }
    }
}
