using AuditKit.Results;
using AuditKit.Statistics;

namespace AuditKit.Gates;

/// <summary>
/// Compares a measured figure with what the spec demands. Passing needs proof: the one-sided confidence bound must
/// clear the threshold. So does failing: the opposite bound must miss it. Whatever lies between is inconclusive.
/// </summary>
/// <remarks>
/// Each of the two bounds has the spec's confidence 1 − α, so a model that misses the threshold passes with
/// probability at most α, and one that meets it fails with probability at most α.
/// </remarks>
public static class Gate
{
    /// <summary>Judges a proportion by Clopper–Pearson bounds and shows it with Wilson's interval.</summary>
    /// <param name="check">The check as the spec names it.</param>
    /// <param name="metric">What is measured: <c>flip rate</c>.</param>
    /// <param name="subject">The condition or group; empty for the whole set.</param>
    /// <param name="measured">Counts over independent units (source images).</param>
    /// <param name="threshold">What the spec demands; null to report only.</param>
    /// <param name="confidence">The level of interval and bounds, such as 0.95.</param>
    public static Finding Judge(
        string check, string metric, string subject, Proportion measured, Threshold? threshold, double confidence)
    {
        var finding = new Finding
        {
            Check = check,
            Metric = metric,
            Subject = subject,
            Estimate = measured.Estimate,
            Interval = measured.Count == 0 ? null : Wilson.Interval(measured, confidence),
            Method = $"Wilson {NumberText.ExactPercent(confidence)}",
            Count = measured.Count,
            Threshold = threshold,
        };
        return Judge(finding, Bounds, "Clopper–Pearson", confidence, "no image was measured");

        Interval? Bounds() => measured.Count == 0
            ? null
            : new Interval(ClopperPearson.Lower(measured, confidence), ClopperPearson.Upper(measured, confidence));
    }

    /// <summary>Judges a mean by one-sided bounds of Student's t and shows it with the two-sided interval.</summary>
    /// <param name="check">The check as the spec names it.</param>
    /// <param name="metric">What is measured: <c>mean |Δ confidence|</c>.</param>
    /// <param name="subject">The condition or group; empty for the whole set.</param>
    /// <param name="measured">The mean over independent units (source images).</param>
    /// <param name="threshold">What the spec demands, in the metric's unit; null to report only.</param>
    /// <param name="confidence">The level of interval and bounds, such as 0.95.</param>
    /// <param name="isProportion">Whether the mean is one of proportions, to be printed in per cent.</param>
    public static Finding Judge(
        string check, string metric, string subject, Mean measured, Threshold? threshold, double confidence, bool isProportion = false)
    {
        var finding = new Finding
        {
            Check = check,
            Metric = metric,
            Subject = subject,
            Estimate = measured.Count == 0 ? null : measured.Value,
            Interval = measured.Interval(confidence),
            Method = $"Student's t {NumberText.ExactPercent(confidence)}",
            Count = measured.Count,
            IsProportion = isProportion,
            Threshold = threshold,
        };
        return Judge(finding, () => measured.Interval(BothSides(confidence)), "Student's t", confidence, "fewer than two images were measured");
    }

    /// <summary>Judges a bootstrapped figure by the ends of its interval and shows it with the two-sided interval.</summary>
    /// <param name="check">The check as the spec names it.</param>
    /// <param name="metric">What is measured: <c>ECE</c>.</param>
    /// <param name="subject">The condition or group; empty for the whole set.</param>
    /// <param name="measured">The figure and its replicates over independent units (source images).</param>
    /// <param name="threshold">What the spec demands; null to report only.</param>
    /// <param name="confidence">The level of interval and bounds, such as 0.95.</param>
    public static Finding Judge(
        string check, string metric, string subject, BootstrapEstimate measured, Threshold? threshold, double confidence)
    {
        var finding = new Finding
        {
            Check = check,
            Metric = metric,
            Subject = subject,
            Estimate = measured.Value,
            Interval = measured.Interval(confidence),
            Method = $"bootstrap {NumberText.ExactPercent(confidence)}, {Bootstrap.Resamples} resamples",
            Count = measured.Count,
            Threshold = threshold,
        };
        return Judge(finding, () => measured.Interval(BothSides(confidence)), "bootstrap", confidence, "");
    }

    /// <summary>
    /// Judges the difference of two paired proportions, first − second, by one-sided bounds of Tango's score interval:
    /// a limit of −δ (at least) or δ (at most) makes it a test of non-inferiority with margin δ.
    /// </summary>
    /// <param name="check">The check as the spec names it.</param>
    /// <param name="metric">What is measured: <c>difference of accuracy</c>.</param>
    /// <param name="subject">The condition.</param>
    /// <param name="measured">Counts over source images that both runs saw.</param>
    /// <param name="threshold">What the spec demands of the difference; null to report only.</param>
    /// <param name="confidence">The level of interval and bounds, such as 0.95.</param>
    public static Finding Judge(
        string check, string metric, string subject, PairedProportions measured, Threshold? threshold, double confidence)
    {
        var finding = new Finding
        {
            Check = check,
            Metric = metric,
            Subject = subject,
            Estimate = measured.Difference,
            Interval = measured.Count == 0 ? null : measured.Interval(confidence),
            Method = $"Tango {NumberText.ExactPercent(confidence)}, paired; McNemar's exact test {NumberText.PValue(measured.McNemarTest())}",
            Count = measured.Count,
            Threshold = threshold,
        };
        return Judge(finding, () => measured.Count == 0 ? null
            : measured.Interval(BothSides(confidence)), "Tango", confidence, "no image was measured in both runs");
    }

    /// <summary>
    /// Judges the difference of two independent proportions, first − second, by one-sided bounds of Newcombe's hybrid
    /// score interval and shows it with the two-sided interval.
    /// </summary>
    /// <param name="check">The check as the spec names it.</param>
    /// <param name="metric">What is measured: <c>drop of accuracy</c>.</param>
    /// <param name="subject">The condition or group; empty for the whole set.</param>
    /// <param name="first">Counts over the source images of one set.</param>
    /// <param name="second">Counts over the source images of another; its n is the finding's.</param>
    /// <param name="threshold">What the spec demands of the difference; null to report only.</param>
    /// <param name="confidence">The level of interval and bounds, such as 0.95.</param>
    public static Finding Judge(
        string check, string metric, string subject, Proportion first, Proportion second, Threshold? threshold, double confidence)
    {
        bool measured = first.Count > 0 && second.Count > 0;
        var finding = new Finding
        {
            Check = check,
            Metric = metric,
            Subject = subject,
            Estimate = first.Estimate - second.Estimate,
            Interval = measured ? Newcombe.Interval(first, second, confidence) : null,
            Method = $"Newcombe {NumberText.ExactPercent(confidence)}, {first.Count} and {second.Count} images",
            Count = second.Count,
            Threshold = threshold,
        };
        return Judge(finding, () => measured ? Newcombe.Interval(first, second, BothSides(confidence)) : null, "Newcombe", confidence, "no image was measured");
    }

    internal static Finding Inconclusive(Finding finding, string reason)
        => finding with { Outcome = GateOutcome.Inconclusive, Reason = reason };

    // Each end of a two-sided interval at 1 − 2α is a one-sided bound at 1 − α.
    private static double BothSides(double confidence) => (2 * confidence) - 1;

    /// <summary>The finding with the gate's answer, where it has a threshold.</summary>
    /// <param name="finding">The figure and its threshold.</param>
    /// <param name="bounds">The two one-sided bounds, each at the confidence; null where too little was measured.</param>
    /// <param name="method">What the bounds are called.</param>
    /// <param name="confidence">The level of each bound.</param>
    /// <param name="unmeasured">Why there are no bounds, where there are none.</param>
    private static Finding Judge(Finding finding, Func<Interval?> bounds, string method, double confidence, string unmeasured)
        => finding.Threshold is not { } threshold ? finding
            : bounds() is { } both ? Decide(finding, threshold, both, method, confidence)
            : Inconclusive(finding, unmeasured);

    private static Finding Decide(Finding finding, Threshold threshold, Interval bounds, string method, double confidence)
    {
        string level = NumberText.ExactPercent(confidence);
        string Figure(double bound) => NumberText.Apart(bound, threshold.Value, finding.IsProportion);
        string limit = NumberText.Exact(threshold.Value, finding.IsProportion);
        string lower = $"lower {level} bound {Figure(bounds.Lower)} ({method})";
        string upper = $"upper {level} bound {Figure(bounds.Upper)} ({method})";
        (GateOutcome outcome, string reason) = threshold.Kind switch
        {
            ThresholdKind.AtLeast when bounds.Lower >= threshold.Value => (GateOutcome.Pass, $"{lower} is at least {limit}"),
            ThresholdKind.AtLeast when bounds.Upper < threshold.Value => (GateOutcome.Fail, $"{upper} is below {limit}"),
            ThresholdKind.AtMost when bounds.Upper <= threshold.Value => (GateOutcome.Pass, $"{upper} is at most {limit}"),
            ThresholdKind.AtMost when bounds.Lower > threshold.Value => (GateOutcome.Fail, $"{lower} is above {limit}"),
            ThresholdKind.AtLeast => (GateOutcome.Inconclusive, $"{lower} is below {limit}, but the upper one, {Figure(bounds.Upper)}, is not"),
            _ => (GateOutcome.Inconclusive, $"{upper} is above {limit}, but the lower one, {Figure(bounds.Lower)}, is not"),
        };
        return finding with { Outcome = outcome, Reason = reason };
    }
}
