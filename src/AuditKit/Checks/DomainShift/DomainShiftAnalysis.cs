using AuditKit.Checks.Subgroups;
using AuditKit.Data;
using AuditKit.Evidence;
using AuditKit.Gates;
using AuditKit.Results;
using AuditKit.Statistics;

namespace AuditKit.Checks.DomainShift;

/// <summary>Accuracy on every shifted set, how far it drops from the audited data's, which classes and groups it drops in.</summary>
public sealed class DomainShiftAnalysis(DomainShiftOptions options) : IAnalysis
{
    private const string Check = "domain-shift", Source = "audited data";

    private static readonly MethodText s_text = MethodText.Of<DomainShiftAnalysis>();

    /// <summary>Classes that a chart or a table can hold and still be read.</summary>
    private const int MostClasses = 40;

    /// <summary>Sets that bars side by side can show.</summary>
    private const int MostBars = 4;

    /// <inheritdoc/>
    public Section Analyse(EvidenceStore evidence, double confidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        Proportion[] source = ByClass(CleanOutcomes.Read(evidence), evidence.Classes.Count);
        Measured[] sets = [.. options.Sets.Select(set => Measure(evidence, set, source, confidence))];
        return new Section
        {
            Check = Check,
            Title = "Domain shift",
            Summary = Summary(sets, Sum(source)),
            Method = Method(evidence, sets, confidence),
            Findings =
            [
                .. sets.SelectMany(set => new[] { set.Accuracy, set.Drop }),
                .. sets.SelectMany(set => set.Worst.Select(findings => findings[0])),
                .. sets.SelectMany(set => set.Worst.SelectMany(findings => findings.Skip(1))),
                Gate.Judge(Check, "accuracy", Source, Sum(source), null, confidence),
            ],
            Charts =
            [
                AccuracyChart(sets, Sum(source), confidence),
                AccuracyByClass(evidence.Classes, sets, source),
                .. sets.Length <= MostBars ? [DropByClass(evidence.Classes, sets, source, confidence)] : Array.Empty<Chart>(),
            ],
            Tables =
            [
                SetTable(sets, confidence),
                .. sets.Select(set => ClassTable(evidence.Classes, set, source, confidence)),
                DataTable(sets),
            ],
        };
    }

    private Measured Measure(EvidenceStore evidence, ShiftedSet set, Proportion[] source, double confidence)
    {
        var record = ShiftedSetRecord.Read(evidence, set.Name);
        EvidenceStore there = evidence.Of(record.Dataset);
        var clean = CleanOutcomes.Read(there);
        Proportion[] classes = ByClass(clean, source.Length);
        Proportion all = Sum(classes);
        // Only classes that both have: one without a hard class must not look better for it.
        Proportion comparable = Sum([.. source.Where((_, label) => classes[label].Count > 0)]);
        Proportion shared = Sum([.. classes.Where((_, label) => source[label].Count > 0)]);
        IReadOnlyList<Grouping> by = options.By.Bind(record.Attributes);
        return new Measured(set.Name, record, classes, all, comparable, shared)
        {
            By = by,
            Accuracy = Gate.Judge(Check, "accuracy", set.Name, all, options.MinAccuracy, confidence),
            Drop = Gate.Judge(Check, "drop of accuracy", set.Name, comparable, shared, options.MaxDrop, confidence),
            Worst = [.. by.Select(grouping => WorstGroups(there, clean, set, grouping, confidence))],
        };
    }

    private IReadOnlyList<Finding> WorstGroups(EvidenceStore evidence, CleanOutcomes clean, ShiftedSet set, Grouping grouping, double confidence)
    {
        var index = GroupIndex.Of(evidence, grouping);
        ILookup<int, bool> correct = Enumerable.Range(0, clean.Count).ToLookup(image => index.Group[image], clean.IsCorrect);
        Group[] groups = [.. index.Names.Select((name, g) => new Group($"{set.Name}: {name}", Proportion.Of(correct[g])))];
        return WorstGroupGate.Judge(Check, "accuracy", $"{set.Name}: {grouping.Name}", groups, options.MinSize, options.MinWorst, confidence);
    }

    private static Proportion[] ByClass(CleanOutcomes clean, int classes)
    {
        ILookup<int, bool> correct = Enumerable.Range(0, clean.Count).ToLookup(image => clean.Labels[image], clean.IsCorrect);
        return [.. Enumerable.Range(0, classes).Select(label => Proportion.Of(correct[label]))];
    }

    private static Proportion Sum(IReadOnlyCollection<Proportion> parts) => new(parts.Sum(part => part.Successes), parts.Sum(part => part.Count));

    private static string Summary(Measured[] sets, Proportion source)
    {
        Measured lowest = sets.MinBy(set => set.All.Estimate)!;
        string which = sets.Length == 1 ? $"On {lowest.Name}" : $"The lowest of {sets.Length} sets is {lowest.Name}: there";
        return $"Images from elsewhere show what a test set drawn like the training data cannot. {NumberText.Percent(source.Estimate)} of "
            + "the audited images are classified correctly. "
            + $"{which} it is {NumberText.Percent(lowest.All.Estimate)} of {NumberText.Count(lowest.All.Count, "image", "images")}, "
            + (lowest.Shared.Count == lowest.All.Count ? "" : $"{NumberText.Percent(lowest.Shared.Estimate)} of those whose classes were audited, ")
            + $"against {NumberText.Percent(lowest.Comparable.Estimate)} of the audited images of the same classes.";
    }

    private string[] Method(EvidenceStore evidence, Measured[] sets, double confidence) =>
    [
        s_text.Paragraph("drop"),
        s_text.Paragraph("intervals", ("confidence", NumberText.ExactPercent(confidence))),
        s_text.Paragraph("class-shares"),
        .. options.By.Names.Count == 0 ? Array.Empty<string>() : [s_text.Paragraph("groups", ("min-size", options.MinSize))],
        .. from set in sets where set.Record.SeveralFrames > 0 select $"{FrameCount.Label} in {set.Name}: {FrameCount.Describe(set.Record.SeveralFrames)}.",
        .. sets.SelectMany(set => GroupAttributes.Descriptions(evidence, set.By)).Distinct(),
    ];

    private Chart AccuracyChart(Measured[] sets, Proportion source, double confidence) => ProportionBars.Draw(
        "Accuracy by set",
        "accuracy",
        "set",
        [new Group(Source, source), .. sets.Select(set => new Group(set.Name, set.All))],
        options.MinAccuracy,
        confidence);

    private static Chart AccuracyByClass(IReadOnlyList<string> classes, Measured[] sets, Proportion[] source)
    {
        int[] labels = Largest(sets, source);
        ChartSeries Row(string name, Proportion[] measured) => new()
        {
            Name = name,
            Names = [.. labels.Select(label => classes[label])],
            Y = [.. labels.Select(label => measured[label].Estimate ?? double.NaN)],
        };
        return new Chart
        {
            Title = $"Accuracy by class and set{Selection(labels, source)}",
            Kind = ChartKind.HeatMap,
            XLabel = "class",
            YLabel = "set",
            Series = [Row(Source, source), .. sets.Select(set => Row(set.Name, set.Classes))],
        };
    }

    private static Chart DropByClass(IReadOnlyList<string> classes, Measured[] sets, Proportion[] source, double confidence)
    {
        int[] labels = Largest(sets, source);
        return new Chart
        {
            Title = $"Drop of accuracy by class{Selection(labels, source)}",
            Kind = ChartKind.Bar,
            XLabel = "drop of accuracy",
            YLabel = "class",
            Series =
            [
                .. sets.Select(set => (set, Labels: labels.Where(label => set.Drops(source, label) is not null).ToArray())).Select(row => new ChartSeries
                {
                    Name = row.set.Name,
                    Names = [.. row.Labels.Select(label => classes[label])],
                    Y = [.. row.Labels.Select(label => row.set.Drops(source, label)!.Value)],
                    Intervals = [.. row.Labels.Select(label => Newcombe.Interval(source[label], row.set.Classes[label], confidence))],
                }),
            ],
        };
    }

    /// <summary>The classes in their order; where they are too many, those that drop the most on some set.</summary>
    private static int[] Largest(Measured[] sets, Proportion[] source) =>
    [
        .. Enumerable.Range(0, source.Length)
            .Where(label => sets.Any(set => set.Drops(source, label) is not null))
            .OrderByDescending(label => sets.Max(set => set.Drops(source, label)))
            .Take(MostClasses)
            .Order(),
    ];

    private static string Selection(int[] labels, Proportion[] source)
        => labels.Length < source.Length ? $", {labels.Length} of {source.Length} classes (those that drop the most)" : "";

    private static Table SetTable(Measured[] sets, double confidence) => new(
        "Accuracy and its drop",
        ["Set", "Images", "Accuracy", $"{NumberText.ExactPercent(confidence)} interval", "Audited images of the same classes", "Their accuracy",
            "Drop", $"{NumberText.ExactPercent(confidence)} interval"],
        [
            .. sets.Select(set => new[]
            {
                set.Name,
                NumberText.Count(set.All.Count),
                NumberText.Percent(set.All.Estimate),
                Wilson.Interval(set.All, confidence).ToPercent(),
                NumberText.Count(set.Comparable.Count),
                NumberText.Percent(set.Comparable.Estimate),
                NumberText.Percent(set.Drop.Estimate),
                set.Drop.Interval?.ToPercent() ?? NumberText.None,
            }),
        ]);

    private static Table ClassTable(IReadOnlyList<string> classes, Measured set, Proportion[] source, double confidence)
    {
        int[] labels = Largest([set], source);
        return new(
            $"Drop by class: {set.Name}{Selection(labels, source)}",
            ["Class", "Audited images", "Accuracy", "Shifted images", "Accuracy there", "Drop", $"{NumberText.ExactPercent(confidence)} interval"],
            [
                .. labels.Select(label => new[]
                {
                    classes[label],
                    NumberText.Count(source[label].Count),
                    NumberText.Percent(source[label].Estimate),
                    NumberText.Count(set.Classes[label].Count),
                    NumberText.Percent(set.Classes[label].Estimate),
                    NumberText.Percent(set.Drops(source, label)),
                    Newcombe.Interval(source[label], set.Classes[label], confidence).ToPercent(),
                }),
            ]);
    }

    private static Table DataTable(Measured[] sets) => new(
        "Shifted data",
        ["Set", "Data", "Format", "SHA-256 over all files"],
        [.. sets.Select(set => new[] { set.Name, set.Record.Name, set.Record.Format, set.Record.Sha256 })]);

    /// <summary>A set, and how the model fares on it.</summary>
    /// <param name="Name">What the spec calls it.</param>
    /// <param name="Record">What it was.</param>
    /// <param name="Classes">Correct images by class.</param>
    /// <param name="All">Correct images in all.</param>
    /// <param name="Comparable">Correct audited images of the classes that the set has.</param>
    /// <param name="Shared">Correct images of the classes that the audited data has.</param>
    private sealed record Measured(
        string Name, ShiftedSetRecord Record, Proportion[] Classes, Proportion All, Proportion Comparable, Proportion Shared)
    {
        public required IReadOnlyList<Grouping> By { get; init; }

        public required Finding Accuracy { get; init; }

        public required Finding Drop { get; init; }

        public required IReadOnlyList<Finding>[] Worst { get; init; }

        /// <summary>The drop of a class; null where one of the sets has no image of it.</summary>
        public double? Drops(Proportion[] source, int label) => source[label].Estimate - Classes[label].Estimate;
    }
}
