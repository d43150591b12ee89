using AuditKit.Comparisons;
using AuditKit.Results;

namespace AuditKit.Training.Remediation;

/// <summary>
/// Which of two trials did better: the one whose gates all pass without accuracy being lost, then the one whose intervals reach beyond
/// their limits by less in all, then the more accurate one, on corrupted images where these stand in for what failed. The gates judge by bounds, too: an estimate just above its limit is not yet a pass.
/// Lost accuracy counts once for every gate: a model that answers nothing would pass several that ask only how seldom answers change.
/// </summary>
/// <param name="accuracy">The failed model's accuracy on the images of the trials.</param>
internal sealed class TrialOrder(double accuracy) : IComparer<MitigationTrial>
{
    /// <summary>By how much the accuracy may fall, as for the audit of what comes out.</summary>
    public const double AllowedLoss = 0.02;

    /// <summary>The failed model's accuracy on the images of the trials.</summary>
    public double Accuracy => accuracy;

    /// <inheritdoc/>
    public int Compare(MitigationTrial? x, MitigationTrial? y) => Key(x!).CompareTo(Key(y!));

    /// <summary>How far the intervals of findings reach beyond their limits in all, and, for every gate, the accuracy below what it may fall to.</summary>
    public static double Shortfall(IReadOnlyList<Finding> findings, double accuracy, double before)
        => findings.Sum(Missed) + (Math.Max(1, findings.Count(finding => finding.Threshold is not null)) * Math.Max(0, before - AllowedLoss - accuracy));

    /// <summary>What the order goes by, in words.</summary>
    public static string Describe(MitigationTrial trial) => $"{trial.Passed} of {NumberText.Count(trial.Findings.Count, "gate passes", "gates pass")}, shortfall "
        + $"{NumberText.Value(trial.Shortfall)}, accuracy {NumberText.Percent(trial.Accuracy)}"
        + (trial.CorruptedAccuracy is { } corrupted ? $", {NumberText.Percent(corrupted)} under corruptions" : "");

    private static double Missed(Finding finding)
    {
        if (finding.Threshold is not { } threshold)
        {
            return 0;
        }

        if (finding.Estimate is not { } estimate)
        {
            return finding.Outcome == GateOutcome.Pass ? 0 : 1;
        }

        double miss = threshold.Kind == ThresholdKind.AtLeast
            ? threshold.Value - (finding.Interval?.Lower ?? estimate) : (finding.Interval?.Upper ?? estimate) - threshold.Value;
        return miss <= 0 ? 0 : finding.IsProportion ? miss : Math.Min(1, miss / Math.Max(Math.Abs(threshold.Value), 1e-12));
    }

    private (bool Misses, double Shortfall, double Error) Key(MitigationTrial trial) => (
        trial.Findings.Any(finding => finding.Outcome != GateOutcome.Pass) || trial.Accuracy < accuracy - AllowedLoss, trial.Shortfall ?? double.MaxValue,
        1 - (trial.CorruptedAccuracy ?? trial.Accuracy ?? 0));
}
