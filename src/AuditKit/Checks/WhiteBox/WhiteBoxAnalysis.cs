using AuditKit.Evidence;
using AuditKit.Gates;
using AuditKit.Results;
using AuditKit.Statistics;

namespace AuditKit.Checks.WhiteBox;

/// <summary>Robust accuracy by budget, what the images fell to, and whether SimBA found what gradients did not.</summary>
public sealed class WhiteBoxAnalysis(WhiteBoxOptions options) : IAnalysis
{
    private const string Check = "white-box";

    private static readonly MethodText s_text = MethodText.Of<WhiteBoxAnalysis>();

    /// <summary>Examples shown under each budget.</summary>
    private const int Examples = 2;

    /// <inheritdoc/>
    public Section Analyse(EvidenceStore evidence, double confidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        int expected = Math.Min(options.Images, evidence.ImageCount);
        Measured[] measured = [.. options.Budgets.Select(budget => Measured.Read(evidence, budget, options.Condition(budget), expected))];
        GradientMasking[] masking = [.. measured.Select(m => GradientMasking.Of(evidence, m.Budget, m.Outcomes)).OfType<GradientMasking>()];
        return new Section
        {
            Check = Check,
            Title = "White box: attacks with the model's gradients",
            Summary = Summary(measured, masking, isTransferred: AttackedModel.Read(evidence) is not null),
            Method = Method(confidence, AttackedModel.Read(evidence)),
            Findings =
            [
                .. measured.OrderBy(m => m.Budget.MinRobustAccuracy is null)
                    .Select(m => Gate.Judge(Check, "robust accuracy", m.Budget.Name, m.Robust, m.Budget.MinRobustAccuracy, confidence)),
                Gate.Judge(Check, "accuracy", "the attacked images, unchanged", measured[0].Clean, null, confidence),
                .. masking.Select(m => Gate.Judge(Check, "fooled by SimBA but not by gradients", m.Budget.Name, m.SimBaOnly, null, confidence)),
            ],
            Charts = [.. measured.GroupBy(m => m.Budget.Norm).Select(Chart)],
            Tables = [ByBudget(measured, confidence), .. masking.Length > 0 ? [AgainstSimBa(masking)] : Array.Empty<Table>()],
            Examples = [.. measured.SelectMany(m => AttackExample.Read(evidence, options.Condition(m.Budget), m.Outcomes, Examples, Cost))],
        };
    }

    private static string Cost(AttackOutcome outcome)
        => $"{NumberText.Count(outcome.Iterations, "gradient", "gradients")} (L2 {NumberText.Value(outcome.L2)}, L∞ {NumberText.Value(outcome.LInf)})";

    private static string Summary(Measured[] measured, GradientMasking[] masking, bool isTransferred)
    {
        IEnumerable<string> robust = measured.Select(m => $"{NumberText.Percent(m.Robust.Estimate)} within {m.Budget.Name}");
        string[] masked = [.. masking.Where(m => m.SimBaOnly.Successes > 0)
            .Select(m => $"{NumberText.Count(m.SimBaOnly.Successes, "image", "images")} within {m.Budget.Name}")];
        return $"{NumberText.Count(measured[0].Outcomes.Length, "image was", "images were")} attacked by somebody who has "
            + (isTransferred ? "the floating point model that this one was quantised from, and judged on this one: no attack knows its rounding. "
                : "the model itself: an upper bound on how well it resists. ")
            + $"{NumberText.Percent(measured[0].Clean.Estimate)} of them are classified correctly as they are, and still so under the worst "
                + $"perturbation found: {WordList.Of([.. robust])}."
            + (masked.Length == 0 ? ""
                : $" SimBA, which sees probabilities alone, fooled images that gradients did not ({WordList.Of(masked)}): the gradients lead "
                    + "astray, and the model is less robust than these figures say.");
    }

    private string[] Method(double confidence, string? attacked) =>
    [
        s_text.Paragraph(
            "robust-accuracy",
            ("attacks", WordList.Of(options.Attacks)),
            ("steps", NumberText.Count(options.Steps, "step", "steps")),
            ("starts", NumberText.Count(options.Restarts, "random start", "random starts"))),
        // An attack's paragraph has its name.
        .. options.Attacks.Select(attack => s_text.Paragraph(attack)),
        attacked is null ? s_text.Paragraph("gradients") : s_text.Paragraph("transferred", ("model", attacked)),
        s_text.Paragraph("images", ("confidence", NumberText.ExactPercent(confidence))),
        s_text.Paragraph("gradient-masking"),
        s_text.Paragraph("limits"),
    ];

    private static Chart Chart(IGrouping<Norm, Measured> norm)
    {
        Measured[] measured = [.. norm];
        return new Chart
        {
            Title = $"Robust accuracy by {(norm.Key == Norm.LInf ? "L∞" : "L2")} size of the perturbation",
            Kind = ChartKind.Line,
            XLabel = "ε",
            YLabel = "robust accuracy",
            Series =
            [
                new ChartSeries
                {
                    Name = "gradients",
                    X = [0, .. measured.Select(m => m.Budget.Epsilon)],
                    Y = [measured[0].Clean.Estimate ?? double.NaN, .. measured.Select(m => m.Robust.Estimate ?? double.NaN)],
                },
            ],
        };
    }

    private Table ByBudget(Measured[] measured, double confidence)
    {
        int evaluations = options.Restarts * (options.Steps + 1);
        return new Table(
            "What the images fell to first",
            ["Budget", "Robust", "Robust accuracy", $"{NumberText.ExactPercent(confidence)} interval", "Wrong unchanged", .. options.Attacks],
            [
                .. measured.Select(m => (string[])
                [
                    m.Budget.Name,
                    $"{m.Robust.Successes} of {m.Robust.Count}",
                    NumberText.Percent(m.Robust.Estimate),
                    m.Robust.Count == 0 ? NumberText.None : Wilson.Interval(m.Robust, confidence).ToPercent(),
                    NumberText.Count(m.Outcomes.Count(outcome => outcome.Succeeded && outcome.Iterations == 0)),
                    .. options.Attacks.Select((_, stage) => NumberText.Count(m.Outcomes.Count(outcome =>
                        outcome.Succeeded && outcome.Iterations > 0 && (outcome.Iterations - 1) / evaluations == stage))),
                ]),
            ]);
    }

    private static Table AgainstSimBa(GradientMasking[] masking) => new(
        "Beside SimBA, on the images attacked by both",
        ["Budget", "Images", "Fell to gradients", "Fooled by SimBA inside it", "By SimBA alone"],
        [
            .. masking.Select(m => new[]
            {
                m.Budget.Name,
                NumberText.Count(m.WhiteBox.Count),
                NumberText.Percent(m.WhiteBox.Estimate),
                NumberText.Percent(m.SimBa.Estimate),
                NumberText.Count(m.SimBaOnly.Successes),
            }),
        ]);

    /// <summary>The outcomes under one budget.</summary>
    private sealed record Measured(Budget Budget, AttackOutcome[] Outcomes, Proportion Clean, Proportion Robust)
    {
        public static Measured Read(EvidenceStore evidence, Budget budget, Condition condition, int expected)
        {
            AttackOutcome[] outcomes = [.. evidence.AttackOutcomes(condition)];
            return outcomes.Length == expected
                ? new(
                    budget,
                    outcomes,
                    Proportion.Of(outcomes.Select(outcome => !outcome.Succeeded || outcome.Iterations > 0)),
                    Proportion.Of(outcomes.Select(outcome => !outcome.Succeeded)))
                : throw new AuditException($"The evidence has {outcomes.Length} of {expected} attacks within {budget.Name}: run the audit to "
                    + "its end first.", ExitCode.Error);
        }
    }
}
