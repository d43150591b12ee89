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

    /// <inheritdoc/>
    public Section Analyse(EvidenceStore evidence, double confidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        var clean = CleanOutcomes.Read(evidence);
        var cleanError = Proportion.Of(clean.Images.Select(image => !clean.IsCorrect(image.Index)));
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
        "Fifteen corruptions at five severities make the benchmark, four more were held out for validation (Hendrycks and Dietterich, "
            + "Benchmarking Neural Network Robustness to Common Corruptions and Perturbations, ICLR 2019). Averages are over those of the "
            + "fifteen that were measured; the four are shown beside. "
            + (options.Stored is null
                ? "Every image was corrupted in its own size before it was brought to the model's input, with the constants that were "
                    + $"published for 32 pixels where its shorter side is at most {Corruption.LargestSmallSide} pixels, and those for 224 "
                    + "pixels above. Draws come from a counter-based generator keyed by the audit's seed, corruption, severity and image. "
                    + "Figures on images made elsewhere differ where JPEG or resampling differs."
                : "The corrupted images were read from a stored set that holds the audited images in their order."),
        "Mean corruption error: the share of wrong answers, averaged over severities, then over corruptions. Every image contributes one "
            + "observation, its own share of wrong answers: copies of one image are never counted as independent.",
        .. normalised
            ? [$"mCE: the mean over corruptions of CE = error / error of the reference ({options.Reference!.Name}), both averaged over "
                + "severities; 1 is as good as the reference, less is better. Its interval is Student's, of the ratio's linearisation over "
                + $"images{(options.Reference.Model is null ? "; the reference's errors are taken as exact" : "; both models saw the same images")}."]
            : Array.Empty<string>(),
        $"Intervals of means are Student's, that of the unchanged images is Wilson's, at {NumberText.ExactPercent(confidence)}; the unit is "
            + "the source image. The examples are, under each corruption, the image that the model has right as it is and wrong with most "
            + "confidence when it is corrupted.",
    ];

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
