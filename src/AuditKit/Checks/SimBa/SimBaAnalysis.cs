using AuditKit.Checks.Subgroups;
using AuditKit.Evidence;
using AuditKit.Gates;
using AuditKit.Results;
using AuditKit.Statistics;

namespace AuditKit.Checks.SimBa;

/// <summary>Success rate by iterations and by queries, what an attack costs, and how large its perturbation is.</summary>
public sealed class SimBaAnalysis(SimBaOptions options, IReadOnlyList<Grouping> by) : IAnalysis
{
    private const string Check = "simba";

    private static readonly MethodText s_text = MethodText.Of<SimBaAnalysis>();

    private string Metric => options.Target is null ? "attack success rate" : "targeted attack success rate";

    /// <summary>Where the literature reports success rates.</summary>
    private static readonly int[] Milestones = [1, 10, 50, 100, 1000, 10_000, 100_000, 1_000_000];

    /// <summary>Examples shown, of those that the check kept.</summary>
    private const int Examples = 4;

    /// <inheritdoc/>
    public Section Analyse(EvidenceStore evidence, double confidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        var clean = CleanOutcomes.Read(evidence);
        AttackOutcome[] attacks = [.. evidence.AttackOutcomes(options.Condition)];
        int correct = Enumerable.Range(0, clean.Count).Count(clean.IsCorrect);
        int expected = Math.Min(options.Images, correct);
        if (attacks.Length != expected)
        {
            throw new AuditException($"The evidence has {attacks.Length} of {expected} attacks: run the audit to its end first.", ExitCode.Error);
        }

        int budget = options.Budget;
        SimBaGroups[] groups = [.. by.Select(grouping => SimBaGroups.Of(evidence, grouping, attacks))];
        return new Section
        {
            Check = Check,
            Title = $"SimBA: {(options.Target is null ? "" : "targeted ")}black-box attack in the {BasisName} basis",
            Summary = Summary(attacks, correct, clean.Count) + SummaryOfGroups(groups, attacks, confidence),
            Method = [.. Method(attacks, confidence), .. MethodOfGroups(evidence)],
            Findings =
            [
                .. options.MaxSuccess.Select(limit => SuccessAfter(limit.Key, limit.Value)),
                .. Milestones.Where(m => m < budget).Append(budget).Where(m => !options.MaxSuccess.ContainsKey(m)).Select(m => SuccessAfter(m, null)),
                .. groups.SelectMany(group => group.Findings(Check, Metric, confidence)),
            ],
            Charts =
            [
                Curve("iterations", attacks, attack => attack.Iterations, budget),
                Curve("queries", attacks, attack => attack.Queries, attacks.Select(attack => attack.Queries).DefaultIfEmpty(1).Max()),
            ],
            Tables = [ByQueries(attacks, confidence), Costs(attacks), .. groups.Select(group => group.Table(confidence))],
            Examples =
            [
                .. AttackExample.Read(evidence, options.Condition, attacks, Examples, attack =>
                    $"{NumberText.Count(attack.Iterations, "iteration", "iterations")} and "
                        + $"{NumberText.Count(attack.Queries, "query", "queries")} (L2 {NumberText.Value(attack.L2)})"),
            ],
        };

        Finding SuccessAfter(int iterations, Threshold? limit) => Gate.Judge(
            Check,
            Metric,
            NumberText.Count(iterations, "iteration", "iterations"),
            SuccessWithin(attacks, attack => attack.Iterations, iterations),
            limit,
            confidence);
    }

    private static Proportion SuccessWithin(AttackOutcome[] attacks, Func<AttackOutcome, int> cost, int budget)
        => Proportion.Of(attacks.Select(attack => attack.Succeeded && cost(attack) <= budget));

    private string Summary(AttackOutcome[] attacks, int correct, int images)
    {
        var success = SuccessWithin(attacks, attack => attack.Iterations, options.Budget);
        string step = options.Frequencies is null ? "one pixel value" : "one frequency of one channel";
        string end = options.Target is null ? "a wrong answer" : "the target class";
        return attacks.Length == 0
            ? "No image is classified correctly, so none could be attacked."
            : $"{NumberText.Count(attacks.Length, "image", "images")}, drawn from the {NumberText.Count(correct)} of "
                + $"{NumberText.Count(images)} that the model classifies correctly, {(attacks.Length == 1 ? "was" : "were")} attacked. "
                + $"The attacker sees the model's probabilities only, and changes {step} at a time, by {InvariantText.Of(options.Epsilon)} of the range of values. "
                + $"{NumberText.Count(success.Successes, "attack", "attacks")} ({NumberText.Percent(success.Estimate)}) led to {end} within "
                    + $"{NumberText.Count(options.Budget, "iteration", "iterations")}.";
    }

    private static string SummaryOfGroups(SimBaGroups[] groups, AttackOutcome[] attacks, double confidence)
    {
        var all = Proportion.Of(attacks.Select(attack => attack.Succeeded));
        string[] easier = [.. groups.SelectMany(group => group.Easier(all, confidence))];
        return groups.Length == 0 ? ""
            : easier.Length == 0 ? " No group is easier to attack than the others beyond what chance explains."
            : $" Easier to attack than the others: {WordList.Of(easier)}.";
    }

    private string[] Method(AttackOutcome[] attacks, double confidence) =>
    [
        s_text.Paragraph(
            "attack",
            ("basis", BasisName),
            ("order", Order),
            ("step", Step),
            ("goal", options.Target is null ? "misclassified" : "taken for its target"),
            ("iterations", NumberText.Count(options.Iterations)),
            ("vector", Vector)),
        s_text.Paragraph("cost", ("vector", Vector)),
        .. options.Target switch
        {
            SimBaTarget.Random => [s_text.Paragraph("random-target")],
            SimBaTarget.LeastLikely => [s_text.Paragraph("least-likely-target")],
            _ => Array.Empty<string>(),
        },
        .. options.MaxLInf is { } lInf ? [s_text.Paragraph("max-linf", ("limit", lInf))] : Array.Empty<string>(),
        .. options.MaxL2 is { } l2 ? [s_text.Paragraph("max-l2", ("limit", l2))] : Array.Empty<string>(),
        .. options.Restarts > 1 ? [s_text.Paragraph("restarts", ("restarts", options.Restarts))] : Array.Empty<string>(),
        s_text.Paragraph("images", ("images", NumberText.Count(attacks.Length)), ("confidence", NumberText.ExactPercent(confidence))),
        s_text.Paragraph("quantiles"),
        s_text.Paragraph("precision"),
        s_text.Paragraph("limits"),
    ];

    private string BasisName => options.Frequencies is null ? "pixel" : "DCT";

    private string Vector => options.Frequencies is null ? "pixel value" : "frequency";

    private string Step => options.Target is null
        ? s_text.Paragraph("step", ("epsilon", options.Epsilon))
        : s_text.Paragraph("step-to-target", ("epsilon", options.Epsilon));

    private string Order => options.Frequencies switch
    {
        null => s_text.Paragraph("order-of-pixels"),
        int.MaxValue => s_text.Paragraph("order-of-frequencies"),
        int limit => s_text.Paragraph("order-of-lowest-frequencies", ("limit", limit)),
    };

    private IEnumerable<string> MethodOfGroups(EvidenceStore evidence) => by.Count == 0 ? [] :
    [
        .. GroupAttributes.Descriptions(evidence, by),
        s_text.Paragraph("groups"),
    ];

    private static Chart Curve(string unit, AttackOutcome[] attacks, Func<AttackOutcome, int> cost, int end)
    {
        // Steps as points: the rate before and after each cost at which an attack succeeded.
        (double X, double Y)[] steps =
        [
            (1, 0),
            .. attacks.Where(attack => attack.Succeeded).GroupBy(cost).OrderBy(group => group.Key).SelectMany(group => new[]
            {
                (Math.Max(group.Key, 1), Rate(group.Key - 1)),
                ((double)Math.Max(group.Key, 1), Rate(group.Key)),
            }),
            (end, Rate(end)),
        ];
        return new Chart
        {
            Title = $"Attack success rate by {unit}",
            Kind = ChartKind.Line,
            XLabel = unit,
            YLabel = "attack success rate",
            LogX = true,
            Series = [new ChartSeries { Name = "SimBA", X = [.. steps.Select(step => step.X)], Y = [.. steps.Select(step => step.Y)] }],
        };

        double Rate(int budget) => SuccessWithin(attacks, cost, budget).Estimate ?? 0;
    }

    private static Table ByQueries(AttackOutcome[] attacks, double confidence)
    {
        int most = attacks.Select(attack => attack.Queries).DefaultIfEmpty(1).Max();
        return new Table(
            "Attack success rate by queries",
            ["Queries", "Successful", "Success rate", $"{NumberText.ExactPercent(confidence)} interval"],
            [
                .. Milestones.Skip(1).Where(m => m < most).Append(most).Select(queries =>
                {
                    Proportion success = SuccessWithin(attacks, attack => attack.Queries, queries);
                    return new[]
                    {
                        NumberText.Count(queries),
                        $"{success.Successes} of {success.Count}",
                        NumberText.Percent(success.Estimate),
                        success.Count == 0 ? NumberText.None : Wilson.Interval(success, confidence).ToPercent(),
                    };
                }),
            ]);
    }

    private static Table Costs(AttackOutcome[] attacks)
    {
        AttackOutcome[] successful = [.. attacks.Where(attack => attack.Succeeded)];
        int resisted = attacks.Length - successful.Length;
        return new Table(
            "What an attack takes",
            ["", "Lower quartile", "Median", "Upper quartile"],
            [
                Row("Iterations", attack => attack.Iterations, resisted),
                Row("Queries", attack => attack.Queries, resisted),
                Row("L2 norm, successful attacks", attack => attack.L2, 0),
                Row("L∞ norm, successful attacks", attack => attack.LInf, 0),
            ]);

        string[] Row(string name, Func<AttackOutcome, double> value, int censored) =>
        [
            name,
            .. new[] { 0.25, 0.5, 0.75 }.Select(q => Quantile.Censored(successful.Select(value), censored, q) switch
            {
                { } quantile => censored == 0 && quantile != Math.Floor(quantile) ? NumberText.Value(quantile)
                    : NumberText.Exact(quantile, isProportion: false),
                null => attacks.Length == 0 || censored == 0 ? NumberText.None : "not reached",
            }),
        ];
    }
}
