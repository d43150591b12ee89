using AuditKit.Statistics;

namespace AuditKit.Results;

/// <summary>
/// A reason to believe that an audit measured something else than was meant, because another reading of its inputs does
/// better by more than chance. It changes nothing by itself, and blocks until the spec settles it.
/// </summary>
/// <param name="What">What is doubtful: <c>class order</c>.</param>
/// <param name="Measured">Correct answers by the other reading (first) and by the one that was used (second), image by image.</param>
/// <param name="Text">Why, in a sentence.</param>
/// <param name="Remedy">What to write, in a sentence with the line of the spec.</param>
/// <param name="Key">The spec key that settles it.</param>
public sealed record Doubt(string What, PairedProportions Measured, string Text, string Remedy, string Key)
{
    /// <summary>The section's name in reports.</summary>
    public const string Check = "doubts";

    /// <summary>The finding, which blocks.</summary>
    /// <param name="confidence">The level of intervals and tests, such as 0.95.</param>
    public Finding Finding(double confidence) => new()
    {
        Check = Check,
        Metric = $"gain of accuracy by another {What}",
        Estimate = Measured.Difference,
        Interval = Measured.Interval(confidence),
        Method = $"Tango {NumberText.ExactPercent(confidence)}, paired; McNemar's exact test {NumberText.PValue(Measured.McNemarTest())}",
        Count = Measured.Count,
        Threshold = new Threshold(ThresholdKind.AtMost, 0, Key),
        Outcome = GateOutcome.Inconclusive,
        Reason = $"{Text} {Remedy}",
    };
}
