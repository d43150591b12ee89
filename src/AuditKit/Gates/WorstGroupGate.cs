using AuditKit.Results;
using AuditKit.Statistics;

namespace AuditKit.Gates;

/// <summary>The images of one class, attribute value or combination, and how many of them were classified correctly.</summary>
/// <param name="Name">What the group is called in the report: <c>class = shirt</c>.</param>
/// <param name="Measured">Counts over the group's images.</param>
public sealed record Group(string Name, Proportion Measured);

/// <summary>
/// Judges "every group reaches τ". Passing is an intersection–union test: every group's own one-sided bound must
/// clear τ, and needs no correction for their number, since the claim is false as soon as one group misses it
/// (Berger 1982). Failing names groups, and with many groups some would be named by chance, so it is Holm's
/// procedure on exact binomial tests. Groups too small to judge are inconclusive, never left out.
/// </summary>
public static class WorstGroupGate
{
    /// <summary>The finding on the worst group, followed by one on each group in the order given.</summary>
    /// <param name="check">The check as the spec names it.</param>
    /// <param name="metric">The groups' metric: <c>accuracy</c>; the first finding's is <c>worst-group accuracy</c>.</param>
    /// <param name="subject">What the groups are cut by: <c>class x brightness/3</c>.</param>
    /// <param name="groups">All groups, the small and the empty ones too.</param>
    /// <param name="minSize">Images that a group needs to be judged, at least 1.</param>
    /// <param name="threshold">The least that every group must reach; null to report only.</param>
    /// <param name="confidence">The level 1 − α of intervals and gates, such as 0.95.</param>
    /// <exception cref="ArgumentException">The threshold is an upper limit.</exception>
    public static IReadOnlyList<Finding> Judge(
        string check, string metric, string subject, IReadOnlyList<Group> groups, int minSize, Threshold? threshold, double confidence)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(minSize, 1);
        if (threshold is { Kind: not ThresholdKind.AtLeast })
        {
            throw new ArgumentException("The worst group is judged against a least value.", nameof(threshold));
        }

        Group[] judged = [.. groups.Where(group => group.Measured.Count >= minSize)];
        var findings = groups.Select(group => Gate.Judge(check, metric, group.Name, group.Measured, threshold, confidence)).ToArray();
        if (threshold is not null)
        {
            double[] adjusted = Holm.Adjust([.. judged.Select(group => BinomialTest.AtLeast(group.Measured, threshold.Value))]);
            int next = 0;
            for (int i = 0; i < findings.Length; i++)
            {
                findings[i] = findings[i].Count < minSize
                    ? TooSmall(findings[i], minSize)
                    : ByHolm(findings[i], adjusted[next++], judged.Length, confidence);
            }
        }

        Group? lowest = judged.MinBy(group => group.Measured.Estimate);
        var worst = new Finding
        {
            Check = check,
            Metric = $"worst-group {metric}",
            Subject = subject,
            Estimate = lowest?.Measured.Estimate,
            Interval = lowest is null ? null : OfTheLowest(judged, confidence),
            Method = $"Wilson {NumberText.ExactPercent(confidence)}, upper end simultaneous over {judged.Length} groups",
            Count = lowest?.Measured.Count ?? 0,
            Threshold = threshold,
        };
        return [threshold is null ? worst : Conclude(worst, findings, lowest, minSize, confidence), .. findings];
    }

    /// <summary>What is said of a group that is too small to be judged.</summary>
    internal static Finding TooSmall(Finding finding, int minSize) => Gate.Inconclusive(
        finding, $"{NumberText.Count(finding.Count, "image is", "images are")} fewer than the {minSize} that a group needs to be judged");

    /// <summary>
    /// An interval for the lowest of all true proportions. Its lower end may be the lowest of the groups' own, since
    /// only the one group that is truly worst has to be covered; its upper end may not: it is the lowest of m ends
    /// that all have to hold (Bonferroni).
    /// </summary>
    private static Interval OfTheLowest(Group[] groups, double confidence) => new(
        groups.Min(group => Wilson.Interval(group.Measured, confidence).Lower),
        groups.Min(group => Wilson.Interval(group.Measured, 1 - ((1 - confidence) / groups.Length)).Upper));

    private static Finding ByHolm(Finding finding, double adjusted, int groups, double confidence)
    {
        string limit = NumberText.Exact(finding.Threshold!.Value, isProportion: true);
        string test = $"exact binomial test, {NumberText.PValue(adjusted)} by Holm over {groups} groups";
        return adjusted <= 1 - confidence
            ? finding with { Outcome = GateOutcome.Fail, Reason = $"below {limit} ({test})" }
            : finding.Outcome == GateOutcome.Fail
            ? Gate.Inconclusive(finding, $"{finding.Reason}, but not so clearly that chance is excluded ({test})")
            : finding;
    }

    private static Finding Conclude(Finding finding, Finding[] groups, Group? lowest, int minSize, double confidence)
    {
        string limit = NumberText.Exact(finding.Threshold!.Value, isProportion: true);
        string[] Names(Func<Finding, bool> which) => [.. groups.Where(which).Select(group => group.Subject)];
        string[] failed = Names(group => group.Outcome == GateOutcome.Fail);
        if (failed.Length > 0)
        {
            return finding with
            {
                Outcome = GateOutcome.Fail,
                Reason = $"below {limit} in {failed.Length} of {groups.Length} groups: {WordList.First(failed)} "
                    + $"(exact binomial tests, Holm at {NumberText.ExactPercent(1 - confidence)})",
            };
        }

        string[] small = Names(group => group.Count < minSize);
        string[] open = Names(group => group.Outcome == GateOutcome.Inconclusive && group.Count >= minSize);
        if (lowest is null || small.Length + open.Length > 0)
        {
            string[] reasons =
            [
                .. open.Length > 0 ? [$"not settled at {limit}: {WordList.First(open)}"] : Array.Empty<string>(),
                .. small.Length > 0 ? [$"fewer than {minSize} images: {WordList.First(small)}"] : Array.Empty<string>(),
                .. groups.Length == 0 ? ["there are no groups"] : Array.Empty<string>(),
            ];
            return Gate.Inconclusive(finding, string.Join("; ", reasons));
        }

        return finding with
        {
            Outcome = GateOutcome.Pass,
            Reason = $"the lower {NumberText.ExactPercent(confidence)} bound (Clopper–Pearson) of each of {groups.Length} groups "
                + $"is at least {limit}; the worst is {lowest.Name}",
        };
    }
}
