using System.Globalization;
using AuditKit.Checks;
using AuditKit.Checks.Subgroups;
using AuditKit.Evidence;
using AuditKit.Gates;
using AuditKit.Results;
using AuditKit.Statistics;

namespace AuditKit.Comparisons;

/// <summary>A candidate against its baseline on the same images, condition by condition, image by image.</summary>
internal sealed class PairedRuns
{
    /// <summary>The section's name in reports.</summary>
    public const string Check = "comparison";

    private static readonly MethodText s_text = MethodText.Of<PairedRuns>();

    private const int ImagesListed = 40;
    private const int Examples = 8;

    /// <summary>Bars that a chart can hold and still be read.</summary>
    private const int Bars = 40;

    private readonly IReadOnlyList<string> _classes;
    private readonly RunOutcomes _baseline;
    private readonly RunOutcomes _candidate;
    private readonly PairedAnswers[] _answers;
    private readonly PairedAnswers? _clean;
    private readonly (string Name, PairedProportions Success)[] _attacks;
    private readonly string[] _withoutImages;
    private readonly MeasuredCondition[] _otherSettings;
    private readonly MeasuredCondition[] _unpaired;

    /// <summary>Reads both runs.</summary>
    /// <param name="classes">The classes of the images that both are about.</param>
    /// <param name="baseline">What the candidate is held against.</param>
    /// <param name="candidate">The run that is judged.</param>
    public PairedRuns(IReadOnlyList<string> classes, RunOutcomes baseline, RunOutcomes candidate)
    {
        (_classes, _baseline, _candidate) = (classes, baseline, candidate);
        Condition[] shared = [.. candidate.Conditions.Intersect(baseline.Conditions)];
        (Condition Condition, PairedProportions Success)[] attacks =
        [
            .. shared.Where(condition => condition.Kind == ConditionKind.Attacked)
                .Select(attack => (attack, Success: Successes(baseline.Attacks(attack), candidate.Attacks(attack))))
                    .Where(attack => attack.Success.Count > 0),
        ];
        _attacks = [.. attacks.Select(attack => (attack.Condition.Name, attack.Success))];
        (MeasuredCondition Measured, PairedAnswers Answers)[] answers =
        [
            .. shared.Where(condition => condition.Kind is ConditionKind.Clean or ConditionKind.Perturbed or ConditionKind.Corrupted)
                .Concat(WithMostSamples(shared.Where(condition => condition.Kind == ConditionKind.Augmented)))
                .Select(condition => (MeasuredCondition.Of(condition), new PairedAnswers(
                    condition.Name, candidate.Images, baseline.Predictions(condition), candidate.Predictions(condition),
                    isPerturbed: condition.Kind is ConditionKind.Perturbed or ConditionKind.Corrupted))),
            .. candidate.ShiftedSets().SelectMany(set => Shifted(set.Key, set.Value.Name, baseline, set.Value.Outcomes)),
        ];
        ILookup<bool, (MeasuredCondition Measured, PairedAnswers Answers)> known = answers.ToLookup(paired => paired.Answers.Images.Count > 0);
        _answers = [.. known[true].Select(paired => paired.Answers)];
        _withoutImages = [.. known[false].Select(paired => paired.Answers.Condition)];
        // What outcomes depend on is more than a condition's name says: an ensemble's members, a batch to adapt to, stored images.
        HashSet<(ConditionKind, string)> here = [.. candidate.Measured.Select(measured => (measured.Kind, measured.Name))];
        HashSet<(ConditionKind, string)> same =
            [.. shared.Select(condition => (condition.Kind, condition.Name)), .. answers.Select(paired => (paired.Measured.Kind, paired.Measured.Name))];
        _otherSettings = [.. baseline.Measured.Where(measured => here.Contains((measured.Kind, measured.Name)) && !same.Contains((measured.Kind, measured.Name)))];
        HashSet<string> judged =
            [.. known[true].Select(paired => paired.Measured.Variant), .. attacks.Select(attack => MeasuredCondition.Of(attack.Condition).Variant)];
        _unpaired =
        [
            .. baseline.Measured.Where(measured => !judged.Contains(measured.Variant) && !IsChosenOtherwise(measured))
                .GroupBy(measured => measured.Variant).Select(each => each.Last()),
        ];
        _clean = _answers.FirstOrDefault(paired => paired.Condition == Condition.Clean.Name);
    }

    /// <summary>Differences with intervals and gates, and which images flipped.</summary>
    /// <exception cref="AuditException">The runs measured nothing in common.</exception>
    /// <param name="margins">By how much the candidate may be worse.</param>
    /// <param name="groups">The groups of the images that are compared too.</param>
    /// <param name="notPaired">What the candidate's checks measure that cannot be compared.</param>
    /// <param name="confidence">The level of intervals and bounds.</param>
    public Section Compare(Margins margins, IReadOnlyList<GroupIndex> groups, IReadOnlyList<Unpaired> notPaired, double confidence)
    {
        if (_answers.Length == 0 && _attacks.Length == 0)
        {
            throw new AuditException("The two runs have no condition in common: give their specs the same checks.");
        }

        (string Condition, PairedProportions Flips)[] flips = _clean is null ? []
            : [.. _answers.Where(answers => answers.IsPerturbed).Select(answers => (answers.Condition, answers.Flips(_clean)))];
        return new Section
        {
            Check = Check,
            Title = "Comparison with the baseline",
            Summary = Summary(),
            Method = Method(confidence),
            Findings =
            [
                .. _answers.Select(answers => Gate.Judge(Check, "difference of accuracy", answers.Condition, answers.Correct, margins.Accuracy, confidence)),
                .. _attacks.Select(attack => Gate.Judge(Check, "difference of attack success", attack.Name, attack.Success, margins.AttackSuccess, confidence)),
                .. _answers.Select(answers => Gate.Judge(Check, "answers that differ", answers.Condition, answers.Differing, margins.Disagreement, confidence)),
                .. flips.Select(flip => Gate.Judge(Check, "difference of flip rate", flip.Condition, flip.Flips, margins.FlipRate, confidence)),
                .. Unknown(margins, flips.Length, confidence).Where(finding => finding.Threshold is not null),
            ],
            Charts = [Differences(confidence, margins)],
            Tables =
            [
                .. _answers.Length > 0 ? [Overview()] : Array.Empty<Table>(),
                .. _attacks.Length > 0 ? [AttackTable()] : Array.Empty<Table>(),
                .. _clean is null ? [] : new[]
                {
                    Flipped(_clean, "Images that only the baseline classifies correctly", lost: true),
                    Flipped(_clean, "Images that only the candidate classifies correctly", lost: false),
                },
                .. _clean is null ? [] : groups.SelectMany(grouping => new[] { GroupTable(_clean, grouping), DifferingTable(_clean, grouping, confidence) }),
                .. NotPaired(notPaired),
            ],
            Examples = _clean is null ? [] : [.. Pictures(_clean)],
        };
    }

    // A margin is for every condition that the baseline measured. Of those that were not paired nothing is known, nor where nothing was.
    private IEnumerable<Finding> Unknown(Margins margins, int flips, double confidence)
    {
        foreach (string name in Unpaired(_attacks.Length, measured => measured.Kind == ConditionKind.Attacked))
        {
            yield return Gate.Judge(Check, "difference of attack success", name, PairedProportions.Of([]), margins.AttackSuccess, confidence);
        }

        foreach (string name in Unpaired(_answers.Length, measured => measured.Kind != ConditionKind.Attacked))
        {
            yield return Gate.Judge(Check, "difference of accuracy", name, PairedProportions.Of([]), margins.Accuracy, confidence);
            yield return Gate.Judge(Check, "answers that differ", name, Proportion.Of([]), margins.Disagreement, confidence);
        }

        foreach (string name in Unpaired(flips, measured => measured.Kind is ConditionKind.Perturbed or ConditionKind.Corrupted))
        {
            yield return Gate.Judge(Check, "difference of flip rate", name, PairedProportions.Of([]), margins.FlipRate, confidence);
        }
    }

    private string[] Unpaired(int paired, Func<MeasuredCondition, bool> isAskedFor)
    {
        string[] names = [.. _unpaired.Where(isAskedFor).Select(measured => measured.Name)];
        return names.Length == 0 && paired == 0 ? ["nothing that both measured"] : names;
    }

    /// <summary>The images that only the baseline classifies correctly as they are, in index order.</summary>
    public IEnumerable<int> LostImages() => _clean?.Changed(lost: true) ?? [];

    private static PairedProportions Successes(IReadOnlyDictionary<int, AttackOutcome> baseline, IReadOnlyDictionary<int, AttackOutcome> candidate)
        => PairedProportions.Of(candidate.Where(outcome => baseline.ContainsKey(outcome.Key))
            .Select(outcome => (outcome.Value.Succeeded, baseline[outcome.Key].Succeeded)));

    // Of conditions that differ in the number of samples alone, the one with most.
    private static IEnumerable<Condition> WithMostSamples(IEnumerable<Condition> augmented) => augmented
        .GroupBy(condition => string.Join('\0', condition.Options.Where(option => option.Key != Condition.Samples)
            .Select(option => $"{option.Key}\0{option.Value}")))
        .Select(variant => variant.MaxBy(condition => int.Parse(condition.Options[Condition.Samples], CultureInfo.InvariantCulture))!);

    private static IEnumerable<(MeasuredCondition Measured, PairedAnswers Answers)> Shifted(
        string dataset, string name, RunOutcomes baseline, RunOutcomes candidate)
        => candidate.Conditions.Select(condition => (Condition: condition, Measured: MeasuredCondition.Of(condition, dataset, name)))
            .Where(shifted => baseline.Measured.Any(measured => measured.Variant == shifted.Measured.Variant))
            .Select(shifted => (shifted.Measured, new PairedAnswers(
                shifted.Measured.Name, candidate.Images, baseline.On(dataset).Predictions(shifted.Condition), candidate.Predictions(shifted.Condition))));

    // Each model chose a magnitude of its own, so that nothing could be held against the baseline's choice.
    private bool IsChosenOtherwise(MeasuredCondition measured) => measured.Chosen is { } magnitude
        && _candidate.Measured.Any(its => its.Variant == measured.Variant && its.Chosen != magnitude);

    private string Summary()
    {
        string about = "Both models answered the same images, so that each difference is counted image by image, and what they have in common cancels out.";
        if (_clean is not { } clean)
        {
            return about;
        }

        PairedProportions correct = clean.Correct;
        Proportion differing = clean.Differing;
        return $"{about} Of {NumberText.Count(correct.Count, "image", "images")} as they are, the baseline classifies "
            + $"{NumberText.Percent(correct.Second.Estimate)} correctly and the candidate {NumberText.Percent(correct.First.Estimate)}. "
            + $"The candidate loses {NumberText.Count(correct.OnlySecond)} that the baseline had, and wins "
                + $"{NumberText.Count(correct.OnlyFirst)}; the two give the same answer to {NumberText.Count(differing.Count - differing.Successes)}.";
    }

    private string[] Method(double confidence) =>
    [
        s_text.Paragraph("differences"),
        s_text.Paragraph("intervals", ("confidence", NumberText.ExactPercent(confidence))),
        s_text.Paragraph("margins"),
        s_text.Paragraph("flips"),
        s_text.Paragraph("differing", ("confidence", NumberText.ExactPercent(confidence))),
        .. _attacks.Length == 0 ? [] : Transferred(("baseline", _baseline), ("candidate", _candidate)),
    ];

    private static IEnumerable<string> Transferred(params (string Name, RunOutcomes Run)[] runs) => runs.Where(run => run.Run.AttackedModel is not null)
        .Select(run => s_text.Paragraph("transferred", ("run", run.Name), ("model", run.Run.AttackedModel!)));

    private Chart Differences(double confidence, Margins margins)
    {
        (string Name, PairedProportions Measured)[] all = [.. _answers.Select(answers => (answers.Condition, answers.Correct))];
        (string Name, PairedProportions Measured)[] shown = all.Length <= Bars ? all : [.. all.OrderBy(one => one.Measured.Difference).Take(Bars)];
        (string title, Threshold? limit) = ("Difference of accuracy", margins.Accuracy);
        if (all.Length == 0)
        {
            (shown, title, limit) = (_attacks, "Difference of attack success", margins.AttackSuccess);
        }

        return new Chart
        {
            Title = shown.Length < all.Length ? $"{title}, the {Bars} lowest of {all.Length} conditions" : $"{title} by condition",
            Kind = ChartKind.Bar,
            XLabel = "candidate − baseline",
            YLabel = "condition",
            Reference = limit?.Value,
            Series =
            [
                new ChartSeries
                {
                    Name = "difference",
                    Names = [.. shown.Select(one => one.Name)],
                    Y = [.. shown.Select(one => one.Measured.Difference!.Value)],
                    Intervals = [.. shown.Select(one => one.Measured.Interval(confidence))],
                },
            ],
        };
    }

    private Table Overview() => new(
        "Accuracy of both, condition by condition",
        ["Condition", "Images", "Baseline", "Candidate", "Lost", "Won", "McNemar's p"],
        [
            .. _answers.Select(answers =>
            {
                PairedProportions correct = answers.Correct;
                return new[]
                {
                    answers.Condition, NumberText.Count(correct.Count), NumberText.Percent(correct.Second.Estimate), NumberText.Percent(correct.First.Estimate),
                    NumberText.Count(correct.OnlySecond), NumberText.Count(correct.OnlyFirst), PValue(correct.McNemarTest()),
                };
            }),
        ]);

    private Table AttackTable() => new(
        "Success of attacks on both",
        ["Attack", "Images", "Baseline", "Candidate", "Only against the baseline", "Only against the candidate"],
        [
            .. _attacks.Select(attack => new[]
            {
                attack.Name, NumberText.Count(attack.Success.Count), NumberText.Percent(attack.Success.Second.Estimate),
                    NumberText.Percent(attack.Success.First.Estimate),
                NumberText.Count(attack.Success.OnlySecond), NumberText.Count(attack.Success.OnlyFirst),
            }),
        ]);

    private static Table GroupTable(PairedAnswers clean, GroupIndex groups)
    {
        (string Name, PairedProportions Correct)[] measured =
        [
            .. clean.Images.GroupBy(image => groups.Group[image]).OrderBy(group => group.Key)
                .Select(group => (groups.Names[group.Key], clean.CorrectAmong(group))),
        ];
        double[] pValues = Holm.Adjust([.. measured.Select(group => group.Correct.McNemarTest())]);
        return new Table(
            "Accuracy of both by group, p-values corrected for the number of groups (Holm)",
            ["Group", "Images", "Baseline", "Candidate", "Difference", "Lost", "Won", "McNemar's p"],
            [
                .. measured.Zip(pValues, (group, p) => new[]
                {
                    group.Name, NumberText.Count(group.Correct.Count), NumberText.Percent(group.Correct.Second.Estimate),
                        NumberText.Percent(group.Correct.First.Estimate),
                    NumberText.Percent(group.Correct.Difference), NumberText.Count(group.Correct.OnlySecond),
                        NumberText.Count(group.Correct.OnlyFirst), PValue(p),
                }),
            ]);
    }

    private static Table DifferingTable(PairedAnswers clean, GroupIndex groups, double confidence) => new(
        $"Answers that differ in each group, with Wilson's {NumberText.ExactPercent(confidence)} intervals",
        ["Group", "Images", "Differ", "Share", "Interval"],
        [
            .. clean.Images.GroupBy(image => groups.Group[image]).OrderBy(group => group.Key).Select(group =>
            {
                Proportion differing = clean.DifferingAmong(group);
                return new[]
                {
                    groups.Names[group.Key], NumberText.Count(differing.Count), NumberText.Count(differing.Successes),
                    NumberText.Percent(differing.Estimate), Wilson.Interval(differing, confidence).ToPercent(),
                };
            }),
        ]);

    private Table[] NotPaired(IReadOnlyList<Unpaired> notPaired)
    {
        string[][] rows =
        [
            .. OneSided(_baseline, _candidate, "the baseline"),
            .. OneSided(_candidate, _baseline, "the candidate"),
            .. _otherSettings.Length == 0 ? Array.Empty<string[]>() : [[WordList.First([.. _otherSettings.Select(condition => condition.Name)]), "measured by both, but with other settings, "
                + "such as other members of an ensemble, or on other images: give their specs the same ones"]],
            .. _withoutImages.Length == 0 ? Array.Empty<string[]>() : [[WordList.First(_withoutImages), "no image that both runs judge: "
                + "other samples or data, or images that a magnitude was chosen on"]],
            .. notPaired.Select(entry => new[] { entry.What, entry.Why }),
        ];
        return rows.Length == 0 ? [] : [new Table("What is not paired, and why", ["Not paired", "Why"], rows)];

        static IEnumerable<string[]> OneSided(RunOutcomes one, RunOutcomes other, string name)
        {
            string[] alone =
            [
                .. one.Measured.Where(measured => !other.Measured.Any(its => (its.Kind == measured.Kind && its.Name == measured.Name)
                    || (its.Variant == measured.Variant && its.Kind != ConditionKind.Augmented))).Select(measured => measured.Name),
            ];
            return alone.Length == 0 ? [] : [[WordList.First(alone), $"measured by {name} alone"]];
        }
    }

    private static string PValue(double p) => NumberText.PValue(p)["p ".Length..].TrimStart('=', ' ');

    private Table Flipped(PairedAnswers clean, string title, bool lost)
    {
        int[] images = [.. clean.Changed(lost)];
        return new Table(
            images.Length > ImagesListed ? $"{title}: the first {ImagesListed} of {NumberText.Count(images.Length)}" : title,
            ["Image", "Label", "Baseline", "Candidate"],
            [
                .. images.Take(ImagesListed).Select(image => new[]
                {
                    clean.Record(image).Source, _classes[clean.Record(image).Label], Answer(clean.Baseline[image]), Answer(clean.Candidate[image]),
                }),
            ]);
    }

    private IEnumerable<Example> Pictures(PairedAnswers clean)
    {
        var baseline = _baseline.Originals();
        var candidate = _candidate.Originals();
        return clean.Changed(lost: true)
            .Select(image => (Index: image, Picture: candidate.GetValueOrDefault(image) ?? baseline.GetValueOrDefault(image)))
            .Where(lost => lost.Picture is not null)
            .Take(Examples)
            .Select(lost => new Example(
                $"{clean.Record(lost.Index).Source}, labelled {_classes[clean.Record(lost.Index).Label]}: lost by the candidate.",
                [new ExamplePanel($"baseline: {Answer(clean.Baseline[lost.Index])}; candidate: {Answer(clean.Candidate[lost.Index])}", lost.Picture!)])
            {
                Image = lost.Index,
                Facts = [new("Class", _classes[clean.Record(lost.Index).Label])],
            });
    }

    private string Answer(Prediction prediction) => $"{_classes[prediction.Predicted]} ({NumberText.Percent(prediction.Confidence)})";
}
