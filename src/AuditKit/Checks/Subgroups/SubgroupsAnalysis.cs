using AuditKit.Evidence;
using AuditKit.Gates;
using AuditKit.Results;
using AuditKit.Statistics;

namespace AuditKit.Checks.Subgroups;

/// <summary>Accuracy of every group, the worst of each grouping, and the averages that it hides behind.</summary>
public sealed class SubgroupsAnalysis(SubgroupsOptions options, IReadOnlyList<Grouping> by) : IAnalysis
{
    private const string Check = "subgroups";

    /// <summary>The metric of the group that is named beforehand.</summary>
    internal const string HardGroupMetric = "hard-group accuracy";

    private static readonly MethodText s_text = MethodText.Of<SubgroupsAnalysis>();

    /// <summary>Bars that a chart can hold and still be read.</summary>
    private const int Bars = 40;

    /// <inheritdoc/>
    public Section Analyse(EvidenceStore evidence, double confidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        NamedGroups.Require(options, by, evidence);
        var clean = CleanOutcomes.Read(evidence);
        var plain = Proportion.Of(Enumerable.Range(0, clean.Count).Select(clean.IsCorrect));
        GroupedAccuracy[] grouped = [.. by.Select(grouping => AccuracyBy(evidence, clean, grouping, confidence))];
        Group? hard = grouped.SelectMany(grouping => grouping.Groups).FirstOrDefault(group => group.Name == options.HardGroup);
        return new Section
        {
            Check = Check,
            Title = "Subgroups",
            Summary = Summary(grouped, plain, hard),
            Method = Method(evidence, confidence),
            Findings =
            [
                .. grouped.Select(grouping => grouping.Findings[0]),
                .. hard is null ? Array.Empty<Finding>() : [OfHardGroup(hard, confidence)],
                .. grouped.SelectMany(grouping => grouping.Findings.Skip(1)),
                Gate.Judge(Check, "plain average accuracy", "", plain, null, confidence),
                .. grouped.SelectMany(TrainWeighted),
            ],
            Charts = [.. grouped.Select(grouping => Chart(grouping, confidence))],
            Tables = [Averages(grouped, plain)],
        };
    }

    private GroupedAccuracy AccuracyBy(EvidenceStore evidence, CleanOutcomes clean, Grouping grouping, double confidence)
    {
        var index = GroupIndex.Of(evidence, grouping);
        int[] images = new int[index.Names.Count];
        int[] correct = new int[index.Names.Count];
        for (int i = 0; i < clean.Count; i++)
        {
            images[index.Group[i]]++;
            correct[index.Group[i]] += clean.IsCorrect(i) ? 1 : 0;
        }

        Group[] groups = [.. index.Names.Select((name, g) => new Group(name, new Proportion(correct[g], images[g])))];
        return new(grouping, groups, WorstGroupGate.Judge(Check, "accuracy", grouping.Name, groups, options.MinSize, options.MinWorst, confidence))
        {
            Worst = groups.Where(group => group.Measured.Count >= options.MinSize).MinBy(group => group.Measured.Estimate),
            TrainWeighted = options.TrainShares.TryGetValue(grouping.Name, out var shares) ? Weighted(groups, shares) : null,
        };
    }

    /// <summary>Σ_g w_g·acc(g) / Σ_g w_g, w_g being the training images of group g.</summary>
    private static double Weighted(Group[] groups, IReadOnlyDictionary<string, double> shares)
    {
        double sum = 0;
        foreach ((string name, double share) in shares.Where(share => share.Value > 0))
        {
            sum += share * (groups.Single(group => group.Name == name).Measured.Estimate
                ?? throw new AuditException($"checks.subgroups.train-shares: group '{name}' has no image in the data, so no train-weighted average exists."));
        }

        return sum / shares.Values.Sum();
    }

    private Finding OfHardGroup(Group hard, double confidence)
    {
        Finding finding = Gate.Judge(Check, HardGroupMetric, hard.Name, hard.Measured, options.MinHard, confidence);
        return options.MinHard is null || finding.Count >= options.MinSize ? finding : WorstGroupGate.TooSmall(finding, options.MinSize);
    }

    private static IEnumerable<Finding> TrainWeighted(GroupedAccuracy grouped)
        => grouped.TrainWeighted is not { } average ? [] :
        [
            new Finding
            {
                Check = Check,
                Metric = "train-weighted average accuracy",
                Subject = grouped.Grouping.Name,
                Estimate = average,
                Count = grouped.Groups.Sum(group => group.Measured.Count),
            },
        ];

    private static string Summary(GroupedAccuracy[] grouped, Proportion plain, Group? hard)
    {
        IEnumerable<string> worst = grouped.Where(grouping => grouping.Worst is not null).Select(grouping =>
            $"{grouping.Worst!.Name}, {NumberText.Percent(grouping.Worst.Measured.Estimate)} of "
                + $"{NumberText.Count(grouping.Worst.Measured.Count, "image", "images")}");
        return $"An average can hide a group of images that the model fails. On average {NumberText.Percent(plain.Estimate)} of the images "
            + "are classified correctly. "
            + $"The worst group of each grouping: {string.Join("; ", worst.DefaultIfEmpty("none is large enough to be judged"))}."
            + (hard is null ? "" : $" The hard group, {hard.Name}: {NumberText.Percent(hard.Measured.Estimate)} of "
                + $"{NumberText.Count(hard.Measured.Count, "image", "images")}.");
    }

    private string[] Method(EvidenceStore evidence, double confidence) =>
    [
        s_text.Paragraph("groups"),
        .. GroupAttributes.Descriptions(evidence, by),
        s_text.Paragraph("slices"),
        s_text.Paragraph("small-groups", ("min-size", options.MinSize)),
        s_text.Paragraph("intervals", ("confidence", NumberText.ExactPercent(confidence))),
        s_text.Paragraph("averages"),
        .. options.HardGroup is null ? Array.Empty<string>() : [s_text.Paragraph("hard-group")],
    ];

    private Chart Chart(GroupedAccuracy grouped, double confidence)
    {
        Group[] present = [.. grouped.Groups.Where(group => group.Measured.Count > 0)];
        Group[] shown = present.Length <= Bars ? present : [.. present.OrderBy(group => group.Measured.Estimate).Take(Bars)];
        string which = shown.Length == present.Length ? "" : $", the {Bars} lowest of {present.Length} groups";
        return ProportionBars.Draw($"Accuracy by {grouped.Grouping.Name}{which}", "accuracy", "group", shown, options.MinWorst, confidence);
    }

    private static Table Averages(GroupedAccuracy[] grouped, Proportion plain) => new(
        "Worst group against the averages",
        ["Grouping", "Groups", "Worst group", "Its images", "Its accuracy", "Plain average", "Train-weighted average"],
        [
            .. grouped.Select(grouping => new[]
            {
                grouping.Grouping.Name,
                NumberText.Count(grouping.Groups.Length),
                grouping.Worst?.Name ?? NumberText.None,
                grouping.Worst is { } worst ? NumberText.Count(worst.Measured.Count) : NumberText.None,
                NumberText.Percent(grouping.Worst?.Measured.Estimate),
                NumberText.Percent(plain.Estimate),
                NumberText.Percent(grouping.TrainWeighted),
            }),
        ]);

    /// <summary>A grouping's groups, and what the gate says: of the worst first, then of each.</summary>
    private sealed record GroupedAccuracy(Grouping Grouping, Group[] Groups, IReadOnlyList<Finding> Findings)
    {
        /// <summary>The group that the first finding is about; null where none is large enough.</summary>
        public required Group? Worst { get; init; }

        public required double? TrainWeighted { get; init; }
    }
}
