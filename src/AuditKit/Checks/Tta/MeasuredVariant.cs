using AuditKit.Evidence;
using AuditKit.Statistics;

namespace AuditKit.Checks.Tta;

/// <summary>What a variant said of the judged images, at every number of samples.</summary>
/// <param name="Variant">The variant.</param>
/// <param name="Points">A point a number of samples, ascending.</param>
internal sealed record MeasuredVariant(TtaVariant Variant, MeasuredPoint[] Points)
{
    /// <summary>At its largest number of samples.</summary>
    public MeasuredPoint Last => Points[^1];

    /// <summary>What findings call it: <c>crop-flip under jpeg-50, 16</c>.</summary>
    public string Subject => $"{Variant.Label}, {Last.Samples}";

    /// <summary>What an image costs, in the model's passes.</summary>
    public string Cost => NumberText.Count(Last.Samples) + Backward;

    /// <summary>The same in words: <c>16 model calls</c>.</summary>
    public string Calls => NumberText.Count(Last.Samples, "model call", "model calls") + Backward;

    private string Backward => Variant.Adaptation is { CarriesOver: true } ? " and a backward pass" : "";

    /// <summary>Reads a variant's outcomes.</summary>
    /// <exception cref="AuditException">The evidence is not complete.</exception>
    public static MeasuredVariant Read(EvidenceStore evidence, TtaPlan plan, TtaVariant variant, long seed)
        => new(variant, [.. variant.Samples.Select(samples =>
        {
            ClassScores scores = ScoredImages.Read(evidence, variant.Condition(samples), plan.Judged);
            int[] units = [.. Enumerable.Range(0, scores.Count)];
            double[] calibrated = CalibratedLogLikelihood.Of(scores, seed);
            return new MeasuredPoint(
                samples,
                [.. units.Select(scores.IsCorrect)],
                Mean.Of(units.Select(scores.LogLikelihood)),
                Mean.Of(calibrated),
                calibrated);
        })]);
}

/// <summary>A variant at one number of samples.</summary>
/// <param name="Samples">The number of samples.</param>
/// <param name="IsCorrect">Whether each judged image is classified rightly.</param>
/// <param name="LogLikelihood">Over the judged images.</param>
/// <param name="Calibrated">The calibrated log-likelihood over the judged images.</param>
/// <param name="CalibratedOf">That of each judged image.</param>
internal sealed record MeasuredPoint(int Samples, bool[] IsCorrect, Mean LogLikelihood, Mean Calibrated, double[] CalibratedOf)
{
    /// <summary>How many are classified rightly.</summary>
    public Proportion Correct => Proportion.Of(IsCorrect);
}
