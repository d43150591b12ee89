using AuditKit.Evidence;
using AuditKit.Gates;
using AuditKit.Imaging.Corruptions;
using AuditKit.Results;
using AuditKit.Statistics;

namespace AuditKit.Checks.Corruptions;

/// <summary>Error by corruption and severity, its mean over the benchmark and by category, and the mCE against a reference.</summary>
public sealed class CorruptionsAnalysis(CorruptionsOptions options) : IAnalysis
{
    private const string Check = "corruptions";

    private static readonly MethodText s_text = MethodText.Of<CorruptionsAnalysis>();

    /// <inheritdoc/>
    public Section Analyse(EvidenceStore evidence, double confidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        var clean = CleanOutcomes.Read(evidence);
        var cleanError = Proportion.Of(Enumerable.Range(0, clean.Count).Select(image => !clean.IsCorrect(image)));
        CorruptionErrors[] all = [.. options.Kinds.Select(kind => CorruptionErrors.Read(evidence, kind, options.Severities, ConditionKind.Corrupted))];
        CorruptionErrors[] averaged = [.. all.Where(errors => errors.Kind.InBenchmark)];
        Mean mean = MeanOver(averaged);
        MeanCorruptionError? mce = Normalised(evidence, averaged);
        return new Section
        {
            Check = Check,
            Title = "Common corruptions",
            Summary = Summary(all, averaged, mean, cleanError),
            Method = Method(confidence, mce is not null),
            Findings =
            [
                Gate.Judge(Check, "mean corruption error", "", mean, options.MaxMeanError, confidence, isProportion: true),
                .. mce is null ? [] : new[] { Gate.Judge(Check, "mCE", options.Reference!.Name, mce.Mean, options.MaxMce, confidence) },
                Gate.Judge(Check, "error", "unchanged", cleanError, null, confidence),
                .. ByCategory(averaged).Select(category
                    => Gate.Judge(Check, "mean corruption error", category.Name, MeanOver(category.Errors), null, confidence, isProportion: true)),
                .. all.Select(errors => Gate.Judge(Check, "error", errors.Kind.Name, errors.Mean, null, confidence, isProportion: true)),
            ],
            Charts = [HeatMap(all), .. options.Severities.Count > 1 ? [SeverityChart(averaged, cleanError)] : Array.Empty<Chart>()],
            Tables = [.. mce is null ? [] : new[] { ReferenceTable(averaged, mce) }, DefinitionTable(evidence, all)],
            Examples = [.. all.SelectMany(errors => Examples(evidence, clean, errors))],
        };
    }

    private MeanCorruptionError? Normalised(EvidenceStore evidence, CorruptionErrors[] averaged) => options.Reference switch
    {
        null => null,
        { Errors: { } errors } => MeanCorruptionError.Of(averaged, [.. averaged.Select(each => errors[each.Kind.Name])]),
        _ => MeanCorruptionError.Of(
            averaged, [.. averaged.Select(each => CorruptionErrors.Read(evidence, each.Kind, options.Severities, ConditionKind.Reference))]),
    };

    // Every image has its share of wrong answers over corruptions and severities: one observation an image.
    private static Mean MeanOver(IReadOnlyCollection<CorruptionErrors> errors)
        => Mean.Of(Enumerable.Range(0, errors.First().Shares.Length).Select(image => errors.Average(each => (double)each.Shares[image])));

    private static IEnumerable<(string Name, CorruptionErrors[] Errors)> ByCategory(CorruptionErrors[] errors) => errors
        .GroupBy(each => each.Kind.Category)
        .OrderBy(category => category.Key)
        .Select(category => (category.Key.ToString().ToLowerInvariant(), category.ToArray()));

    private static string Summary(CorruptionErrors[] all, CorruptionErrors[] averaged, Mean mean, Proportion clean)
    {
        CorruptionErrors worst = all.MaxBy(errors => errors.Mean.Value)!;
        CorruptionErrors best = all.MinBy(errors => errors.Mean.Value)!;
        return $"Each of {NumberText.Count(clean.Count)} images was classified as it is and under "
            + $"{NumberText.Count(all.Length, "corruption", "corruptions")} at {NumberText.Count(all[0].BySeverity.Length, "severity", "severities")}. "
            + $"Of the unchanged images {NumberText.Percent(clean.Estimate)} are classified wrongly, of the corrupted ones "
                + $"{NumberText.Percent(mean.Value)} on average over {NumberText.Count(averaged.Length, "corruption", "corruptions")} of the benchmark. "
            + (all.Length == 1 ? "" : $"The worst is {worst.Kind.Name} ({NumberText.Percent(worst.Mean.Value)}), the mildest "
                + $"{best.Kind.Name} ({NumberText.Percent(best.Mean.Value)}).");
    }

    private string[] Method(double confidence, bool normalised) =>
    [
        s_text.Paragraph("benchmark", ("images", Images)),
        s_text.Paragraph("mean-error"),
        .. normalised
            ? [s_text.Paragraph("mce", ("reference", options.Reference!.Name), ("interval", IntervalOf(options.Reference)))]
            : Array.Empty<string>(),
        s_text.Paragraph("intervals", ("confidence", NumberText.ExactPercent(confidence))),
    ];

    private string Images => options.Stored is null
        ? s_text.Paragraph("images-made", ("largest-small-side", Corruption.LargestSmallSide))
        : s_text.Paragraph("images-stored");

    private static string IntervalOf(CorruptionReference reference)
        => s_text.Paragraph(reference.Model is null ? "mce-known-reference" : "mce-run-reference");

    private Chart HeatMap(CorruptionErrors[] all) => new()
    {
        Title = "Error by corruption and severity",
        Kind = ChartKind.HeatMap,
        XLabel = "severity",
        YLabel = "corruption",
        Series =
        [
            .. all.Select(errors => new ChartSeries
            {
                Name = errors.Kind.Name,
                Names = [.. options.Severities.Select(severity => $"{severity}"), "mean"],
                Y = [.. errors.BySeverity, errors.Mean.Value],
            }),
        ],
    };

    private Chart SeverityChart(CorruptionErrors[] averaged, Proportion clean)
    {
        return new()
        {
            Title = "Mean corruption error by severity (0 is unchanged)",
            Kind = ChartKind.Line,
            XLabel = "severity",
            YLabel = "error",
            Series = [Line("mean", averaged), .. ByCategory(averaged).Select(category => Line(category.Name, category.Errors))],
        };

        ChartSeries Line(string name, CorruptionErrors[] errors) => new()
        {
            Name = name,
            X = [0, .. options.Severities.Select(severity => (double)severity)],
            Y = [clean.Estimate ?? double.NaN, .. options.Severities.Select((_, s) => errors.Average(each => each.BySeverity[s]))],
        };
    }

    private Table ReferenceTable(CorruptionErrors[] averaged, MeanCorruptionError mce) => new(
        $"Errors against the reference: {options.Reference!.Name}",
        ["Corruption", "Error", "Error of the reference", "CE"],
        [
            .. averaged.Select((errors, c) => new[]
            {
                errors.Kind.Name, NumberText.Percent(errors.Mean.Value), NumberText.Percent(mce.ReferenceErrors[c]), NumberText.Value(mce.Ratios[c]),
            }),
        ]);

    private Table DefinitionTable(EvidenceStore evidence, CorruptionErrors[] all) => new(
        "Corruptions",
        ["Corruption", "Category", "Constants, by severity", "What is done"],
        [
            .. all.Select(errors => (errors.Kind, errors.Conditions)).Select(row => new[]
            {
                row.Kind.Name,
                row.Kind.Category.ToString().ToLowerInvariant() + (row.Kind.InBenchmark ? "" : ", not averaged"),
                options.Stored is null
                    ? string.Join("; ", options.Severities.Select(severity => row.Kind.Make(severity, FrostTexture.Default).Constants))
                    : NumberText.None,
                evidence.Figure(row.Conditions[0], CorruptionsCheck.Definition) ?? NumberText.None,
            }),
        ]);

    private IEnumerable<Example> Examples(EvidenceStore evidence, CleanOutcomes clean, CorruptionErrors errors)
        => errors.Conditions.SelectMany((condition, s) => ChangedAnswer.Read(
            evidence,
            condition,
            $"{errors.Kind.Name}/{options.Severities[s]}",
            clean,
            image => evidence.Predictions(condition).First(prediction => prediction.Image == image)));
}
