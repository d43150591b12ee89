using AuditKit.Checks;
using AuditKit.Evidence;
using AuditKit.Gates;
using AuditKit.Statistics;

namespace AuditKit.Comparisons;

/// <summary>A candidate against its baseline on the same images, condition by condition, image by image.</summary>
internal sealed class PairedRuns
{
    /// <summary>The section's name in reports.</summary>
    public const string Check = "comparison";

    private const int ImagesListed = 40;
    private const int Examples = 8;

    /// <summary>Bars that a chart can hold and still be read.</summary>
    private const int Bars = 40;

    private readonly ImageRecord[] _images;
    private readonly IReadOnlyList<string> _classes;
    private readonly RunOutcomes _baseline;
    private readonly RunOutcomes _candidate;
    private readonly Answers[] _answers;
    private readonly (string Name, PairedProportions Success)[] _attacks;

    /// <summary>Reads both runs.</summary>
    /// <param name="images">The images that both are about, in index order.</param>
    /// <param name="classes">Their classes.</param>
    /// <param name="baseline">What the candidate is held against.</param>
    /// <param name="candidate">The run that is judged.</param>
    public PairedRuns(IEnumerable<ImageRecord> images, IReadOnlyList<string> classes, RunOutcomes baseline, RunOutcomes candidate)
    {
        (_images, _classes, _baseline, _candidate) = ([.. images], classes, baseline, candidate);
        string[] shared = [.. candidate.Conditions.Intersect(baseline.Conditions)];
        _answers = [.. shared.Select(condition => new Answers(condition, baseline.Predictions(condition), candidate.Predictions(condition))).Where(answers => answers.Images.Length > 0)];
        _attacks =
        [
            .. shared.Select(name => (Name: name, Baseline: baseline.Attacks(name), Candidate: candidate.Attacks(name)))
                .Select(attack => (attack.Name, PairedProportions.Of(attack.Candidate
                    .Where(outcome => attack.Baseline.ContainsKey(outcome.Key))
                    .Select(outcome => (outcome.Value.Succeeded, attack.Baseline[outcome.Key].Succeeded)))))
                .Where(attack => attack.Item2.Count > 0),
        ];
    }

    /// <summary>Differences with intervals and gates, and which images flipped.</summary>
    /// <exception cref="AuditException">The runs measured nothing in common.</exception>
    public Section Judge(Margins margins, double confidence)
    {
        if (_answers.Length == 0 && _attacks.Length == 0)
        {
            throw new AuditException("The two runs have no condition in common: give their specs the same checks.");
        }

        Answers? clean = _answers.FirstOrDefault(answers => answers.Condition == InferencePass.Clean);
        (Answers Answers, PairedProportions Flips)[] flips = clean is null ? []
            : [.. _answers.Where(answers => answers != clean).Select(answers => (answers, Flips(clean, answers)))];
        return new Section
        {
            Check = Check,
            Title = "Comparison with the baseline",
            Summary = Summary(clean),
            Method = Method(confidence),
            Findings =
            [
                .. _answers.Select(answers => Gate.Judge(Check, "difference of accuracy", answers.Condition, Correct(answers), margins.Accuracy, confidence)),
                .. _attacks.Select(attack => Gate.Judge(Check, "difference of attack success", attack.Name, attack.Success, margins.AttackSuccess, confidence)),
                .. flips.Select(flip => Gate.Judge(Check, "difference of flip rate", flip.Answers.Condition, flip.Flips, margins.FlipRate, confidence)),
            ],
            Charts = [Differences(confidence, margins)],
            Tables =
            [
                .. _answers.Length > 0 ? [Overview()] : Array.Empty<Table>(),
                .. _attacks.Length > 0 ? [AttackTable()] : Array.Empty<Table>(),
                .. clean is null ? [] : new[]
                {
                    Flipped(clean, "Images that only the baseline classifies correctly", lost: true),
                    Flipped(clean, "Images that only the candidate classifies correctly", lost: false),
                },
            ],
            Examples = clean is null ? [] : [.. Pictures(clean)],
        };
    }

    /// <summary>The images that only the baseline classifies correctly as they are, in index order.</summary>
    public IEnumerable<int> LostImages()
        => _answers.FirstOrDefault(answers => answers.Condition == InferencePass.Clean) is { } clean ? Changed(clean, lost: true) : [];

    private bool IsCorrect(Prediction prediction) => prediction.Predicted == _images[prediction.Image].Label;

    private PairedProportions Correct(Answers answers)
        => PairedProportions.Of(answers.Images.Select(image => (IsCorrect(answers.Candidate[image]), IsCorrect(answers.Baseline[image]))));

    private static PairedProportions Flips(Answers clean, Answers answers)
        => PairedProportions.Of(answers.Images.Where(clean.Baseline.ContainsKey).Where(clean.Candidate.ContainsKey).Select(image =>
            (answers.Candidate[image].Predicted != clean.Candidate[image].Predicted, answers.Baseline[image].Predicted != clean.Baseline[image].Predicted)));

    private IEnumerable<int> Changed(Answers answers, bool lost)
        => answers.Images.Where(image => IsCorrect(answers.Baseline[image]) == lost && IsCorrect(answers.Candidate[image]) != lost);

    private string Summary(Answers? clean)
    {
        string about = "Both models answered the same images, so that each difference is counted image by image, and what they have in common cancels out.";
        if (clean is null)
        {
            return about;
        }

        PairedProportions correct = Correct(clean);
        int same = clean.Images.Count(image => clean.Baseline[image].Predicted == clean.Candidate[image].Predicted);
        return $"{about} Of {Figure.Count(correct.Count, "image", "images")} as they are, the baseline classifies {Figure.Percent(correct.Second.Estimate)} correctly and the candidate {Figure.Percent(correct.First.Estimate)}. "
            + $"The candidate loses {Figure.Count(correct.OnlySecond)} that the baseline had, and wins {Figure.Count(correct.OnlyFirst)}; the two give the same answer to {Figure.Count(same)}.";
    }

    private static string[] Method(double confidence) =>
    [
        "Every difference is candidate minus baseline, under a condition that both runs measured, over the images that both answered. For attacks these are the images that both attacked, which both classify correctly before the attack.",
        $"Intervals are Tango's score intervals for the difference of paired proportions (Tango 1998) at {Wording.Percent(confidence)}. McNemar's exact test (1947) asks whether the images that exactly one of the two got right are as often the one's as the other's; its p-values are not corrected for the number of conditions.",
        "A margin makes a gate of non-inferiority: it passes when the one-sided bound of Tango's interval shows that the candidate is worse by less than the margin, fails when the opposite bound shows that it is worse by more, and is inconclusive in between.",
        "A flip is a prediction that differs from the same model's for the unchanged image.",
    ];

    private Chart Differences(double confidence, Margins margins)
    {
        (string Name, PairedProportions Measured)[] all = [.. _answers.Select(answers => (answers.Condition, Correct(answers)))];
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
                PairedProportions correct = Correct(answers);
                return new[]
                {
                    answers.Condition, Figure.Count(correct.Count), Figure.Percent(correct.Second.Estimate), Figure.Percent(correct.First.Estimate),
                    Figure.Count(correct.OnlySecond), Figure.Count(correct.OnlyFirst), Wording.PValue(correct.McNemarTest())["p ".Length..].TrimStart('=', ' '),
                };
            }),
        ]);

    private Table AttackTable() => new(
        "Success of attacks on both",
        ["Attack", "Images", "Baseline", "Candidate", "Only against the baseline", "Only against the candidate"],
        [
            .. _attacks.Select(attack => new[]
            {
                attack.Name, Figure.Count(attack.Success.Count), Figure.Percent(attack.Success.Second.Estimate), Figure.Percent(attack.Success.First.Estimate),
                Figure.Count(attack.Success.OnlySecond), Figure.Count(attack.Success.OnlyFirst),
            }),
        ]);

    private Table Flipped(Answers clean, string title, bool lost)
    {
        int[] images = [.. Changed(clean, lost)];
        return new Table(
            images.Length > ImagesListed ? $"{title}: the first {ImagesListed} of {Figure.Count(images.Length)}" : title,
            ["Image", "Label", "Baseline", "Candidate"],
            [
                .. images.Take(ImagesListed).Select(image => new[]
                {
                    _images[image].Source, _classes[_images[image].Label], Answer(clean.Baseline[image]), Answer(clean.Candidate[image]),
                }),
            ]);
    }

    private IEnumerable<Example> Pictures(Answers clean)
    {
        var baseline = _baseline.Originals();
        var candidate = _candidate.Originals();
        return Changed(clean, lost: true)
            .Select(image => (Index: image, Picture: candidate.GetValueOrDefault(image) ?? baseline.GetValueOrDefault(image)))
            .Where(lost => lost.Picture is not null)
            .Take(Examples)
            .Select(lost => new Example(
                $"{_images[lost.Index].Source}, labelled {_classes[_images[lost.Index].Label]}: lost by the candidate.",
                [new ExamplePanel($"baseline: {Answer(clean.Baseline[lost.Index])}; candidate: {Answer(clean.Candidate[lost.Index])}", lost.Picture!)]));
    }

    private string Answer(Prediction prediction) => $"{_classes[prediction.Predicted]} ({Figure.Percent(prediction.Confidence)})";

    /// <summary>What both said under one condition, and the images that both answered.</summary>
    private sealed record Answers(string Condition, IReadOnlyDictionary<int, Prediction> Baseline, IReadOnlyDictionary<int, Prediction> Candidate)
    {
        public int[] Images { get; } = [.. Candidate.Keys.Where(Baseline.ContainsKey).Order()];
    }
}
