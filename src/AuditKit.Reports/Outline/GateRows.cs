using AuditKit.Results;

namespace AuditKit.Reports.Outline;

/// <summary>A gate of an overview, or several that are folded into the one that says most.</summary>
/// <param name="Finding">The gate; of folded ones, that which is nearest to its limit or misses it by most.</param>
/// <param name="Folded">Further gates that it stands for.</param>
internal sealed record GateRow(Finding Finding, int Folded)
{
    /// <summary>What is measured, and on what.</summary>
    public string Label => Folded > 0
        ? $"{Finding.Metric}: {NumberText.Count(Folded + 1)} {Outcomes.Word(Finding.Outcome)}, nearest {Finding.Subject}"
        : Finding.Subject.Length == 0 ? Finding.Metric : $"{Finding.Metric}, {Finding.Subject}";
}

/// <summary>Gates as overviews show them: few enough to be read at once, whatever their number.</summary>
internal static class GateRows
{
    /// <summary>Passed gates of one metric that are shown each; of more, only that nearest to its limit.</summary>
    private const int Passed = 5;

    /// <summary>Rows that an overview has at most, unless there are more metrics than that.</summary>
    private const int Most = 24;

    /// <summary>The gates of a result, in its order; metrics with many passed gates have one row for them, and the rest are folded until they fit.</summary>
    public static IReadOnlyList<GateRow> Of(IEnumerable<Finding> findings)
    {
        IGrouping<(string, string), Finding>[] metrics =
            [.. findings.Where(finding => finding.Outcome is not GateOutcome.NotGated).GroupBy(finding => (finding.Check, finding.Metric))];
        int blocking = Most;
        while (blocking > 1 && metrics.Sum(metric => Rows(metric, blocking).Count()) > Most)
        {
            blocking--;
        }

        return [.. metrics.SelectMany(metric => Rows(metric, blocking))];
    }

    /// <summary>The passed gates that an overview does not show each: those of metrics that have many, such as one a group.</summary>
    public static IEnumerable<Finding> Folded(IEnumerable<Finding> findings)
        => findings.Where(finding => finding.Outcome is GateOutcome.Pass)
            .GroupBy(finding => (finding.Check, finding.Metric)).Where(metric => metric.Count() > Passed).SelectMany(metric => metric);

    /// <summary>How far inside its limit an estimate lies; negative where it misses it, least where nothing was measured.</summary>
    public static double Slack(Finding finding)
        => finding is { Estimate: { } estimate, Threshold: { } threshold } && double.IsFinite(estimate)
            ? threshold.Kind is ThresholdKind.AtLeast ? estimate - threshold.Value : threshold.Value - estimate
            : double.NegativeInfinity;

    private static IEnumerable<GateRow> Rows(IEnumerable<Finding> metric, int mostAlike)
        => metric.GroupBy(finding => finding.Outcome).OrderBy(alike => Outcomes.Severity(alike.Key)).SelectMany(alike =>
        {
            Finding[] ordered = [.. alike.OrderBy(Slack)];
            int most = Math.Min(mostAlike, alike.Key is GateOutcome.Pass && ordered.Length > Passed ? 1 : ordered.Length);
            return ordered.Length <= most
                ? alike.Select(finding => new GateRow(finding, 0))
                : ordered.Take(most).Select((finding, i) => new GateRow(finding, i == most - 1 ? ordered.Length - most : 0));
        });
}
