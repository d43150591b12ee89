using System.Globalization;
using AuditKit.Evidence;
using AuditKit.Results;
using AuditKit.Yaml;

namespace AuditKit.Checks.WhiteBox;

/// <summary>
/// What a spec says under <c>white-box</c>: <c>{ linf: { epsilon: [2/255, 8/255], min-robust-accuracy: { 2/255: 0.3 } },
/// images: 200, steps: 50, restarts: 1, attacks: [pgd, apgd-ce, apgd-dlr] }</c>.
/// </summary>
public sealed record WhiteBoxOptions : ICheckOptions
{
    internal const string PgdName = "pgd";
    internal const string ApgdCeName = "apgd-ce";
    internal const string ApgdDlrName = "apgd-dlr";

    /// <summary>The attacks that a spec can name, in the order in which they are run.</summary>
    private static readonly string[] s_known = [PgdName, ApgdCeName, ApgdDlrName];

    private static readonly ListKey s_epsilons = new("epsilon", "Sizes of perturbations, for pixels in [0, 1]: 8/255");
    private static readonly BlockKey s_robust = new("min-robust-accuracy", "The least robust accuracy at each size: { 8/255: 0.3 }");
    private static readonly BlockKey s_lInf = new("linf", "Perturbations bounded in every pixel value", s_epsilons,
        s_robust)
    { Example = "{ epsilon: [4/255], min-robust-accuracy: { 4/255: 0.1 } }" };
    private static readonly BlockKey s_l2 = new("l2", "Perturbations bounded in their L2 norm", s_epsilons, s_robust) { Example = "{ epsilon: [0.25] }" };
    private static readonly IntegerKey s_images = new("images", "How many images are attacked, drawn from all", 200, 1, 10_000_000) { Example = "5" };
    private static readonly IntegerKey s_steps = new("steps", "Steps of each attack", 50, 1, 10_000) { Example = "2" };
    private static readonly IntegerKey s_restarts = new("restarts", "Random starts of each attack", 1, 1, 1000) { Example = "2" };
    private static readonly ListKey s_attacks = new("attacks", "The attacks, all of which must fail") { Known = s_known, Example = "[apgd-ce]" };

    /// <summary>The check.</summary>
    public static CheckDescriptor Check { get; } = new()
    {
        Key = WhiteBoxCheck.Key,
        Assesses = "evasion attacks with the model's gradients",
        Keys = [s_lInf, s_l2, s_images, s_steps, s_restarts, s_attacks],
        Parse = Parse,
        Clauses = ["ai-act-15 15(5), evasion", "nist-measure-2 2.7"],
        Weakness = Checks.Weakness.Attack,
        NotPaired = new("white-box: sizes of perturbations", "only whether an attack succeeds is paired"),
    };

    /// <summary>The perturbations allowed: blocks <c>linf</c> and <c>l2</c>, ascending by ε within each; at least one.</summary>
    public required IReadOnlyList<Budget> Budgets
    {
        get;
        init => field = value.Count > 0 ? value : throw new ArgumentException("Attacks need a budget, such as L∞ of 8/255.", nameof(value));
    }

    /// <summary>How many images are attacked, <c>images</c>: drawn at random from all.</summary>
    public int Images { get; init => field = s_images.Require(value); } = s_images.Default;

    /// <summary>Steps of each attack, <c>steps</c>.</summary>
    public int Steps { get; init => field = s_steps.Require(value); } = s_steps.Default;

    /// <summary>Random starts of each attack, <c>restarts</c>.</summary>
    public int Restarts { get; init => field = s_restarts.Require(value); } = s_restarts.Default;

    /// <summary>The attacks, <c>attacks</c>, in their order: <c>pgd</c>, <c>apgd-ce</c>, <c>apgd-dlr</c>.</summary>
    public IReadOnlyList<string> Attacks { get; init; } = s_known;

    /// <inheritdoc/>
    public CheckDescriptor Descriptor => Check;

    /// <inheritdoc/>
    public PlannedCheck Bind(IReadOnlyList<string> attributes) => new(new WhiteBoxCheck(this), new WhiteBoxAnalysis(this));

    private static WhiteBoxOptions Parse(SpecMap map, string folder)
    {
        Budget[] budgets = [.. ParseBudgets(map, Norm.LInf, s_lInf.Key, 1), .. ParseBudgets(map, Norm.L2, s_l2.Key, 1000)];
        var options = new WhiteBoxOptions
        {
            Budgets = budgets.Length > 0
                ? budgets
                : throw map.Error(s_lInf.Key, $"'{map.Path}' needs a budget, such as linf: {{ epsilon: [2/255, 8/255] }}."),
            Images = s_images.Read(map),
            Steps = s_steps.Read(map),
            Restarts = s_restarts.Read(map),
            Attacks = ParseAttacks(map),
        };
        map.Finish();
        return options;
    }

    /// <summary>
    /// The condition of a budget's outcomes. The smaller ε of the same norm belong to it: an image that fell to one of
    /// them is not attacked again.
    /// </summary>
    internal Condition Condition(Budget budget)
    {
        string epsilons = InvariantText.Join(" < ", Smaller(budget).Append(budget).Select(b => b.Epsilon));
        return new Condition(
            ConditionKind.Attacked, WhiteBoxCheck.Key, $"white box: {budget.Norm} {epsilons}, {Images} images, "
                + $"{string.Join(" + ", Attacks)}, {Steps} steps, {Restarts} starts",
            ("norm", budget.Norm), ("epsilon", epsilons), ("images", Images), ("attacks", string.Join(' ', Attacks)), ("steps", Steps), ("restarts", Restarts));
    }

    /// <summary>The budgets of the same norm with a smaller ε, ascending.</summary>
    internal IEnumerable<Budget> Smaller(Budget budget) => Budgets.Where(other => other.Norm == budget.Norm && other.Epsilon < budget.Epsilon);

    private static Budget[] ParseBudgets(SpecMap map, Norm norm, string key, double most)
    {
        if (map.OptionalMap(key) is not { } block)
        {
            return [];
        }

        Budget[] budgets = [.. block.List("epsilon").Select(text => new Budget(norm, text, Parse(block, "epsilon", text, most)))
            .OrderBy(budget => budget.Epsilon)];
        if (budgets.Length == 0 || budgets.DistinctBy(budget => budget.Epsilon).Count() < budgets.Length)
        {
            throw block.Error("epsilon", $"'{block.Path}.epsilon' needs one or more different values, such as [2/255, 8/255].");
        }

        if (block.OptionalMap("min-robust-accuracy") is { } limits)
        {
            foreach (string text in limits.Keys)
            {
                double epsilon = Parse(limits, text, text, most);
                int index = Array.FindIndex(budgets, budget => budget.Epsilon == epsilon);
                budgets[index >= 0 ? index : throw limits.Error(text, $"a limit at ε = {text} can never be judged: it is not among '{block.Path}.epsilon'.")]
                    = budgets[index] with { MinRobustAccuracy = new LimitKey(text, "", ThresholdKind.AtLeast).Read(limits) };
            }

            limits.Finish();
        }

        block.Finish();
        return budgets;
    }

    private static double Parse(SpecMap map, string key, string text, double most)
    {
        double[] parts = [.. text.Split('/')
            .Select(part => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : double.NaN)];
        double epsilon = parts switch { [var value] => value, [var value, var by] => value / by, _ => double.NaN };
        return epsilon > 0 && epsilon <= most
            ? epsilon
            : throw map.Error(key, $"ε must be a number or a fraction such as 8/255, above 0 and at most {InvariantText.Of(most)}, not '{text}'.");
    }

    private static string[] ParseAttacks(SpecMap map)
    {
        IReadOnlyList<string> named = map.List("attacks", s_known);
        foreach (string name in named)
        {
            if (!s_known.Contains(name))
            {
                throw map.Error("attacks", $"there is no attack '{name}'.{Spelling.Nearest(name, s_known)} There are {WordList.Of(s_known)}.");
            }
        }

        return named.Count > 0 ? [.. s_known.Where(named.Contains)] : throw map.Error("attacks", "name at least one attack, such as pgd.");
    }
}

/// <summary>How the size of a perturbation is measured.</summary>
public enum Norm
{
    /// <summary>The largest change of a pixel value.</summary>
    LInf,

    /// <summary>The root of the summed squared changes.</summary>
    L2,
}

/// <summary>The perturbations that an attack may choose from.</summary>
/// <param name="Norm">How their size is measured.</param>
/// <param name="Text">The largest size as the spec writes it: <c>8/255</c>.</param>
/// <param name="Epsilon">The largest size ε, for pixels in [0, 1].</param>
public sealed record Budget(Norm Norm, string Text, double Epsilon)
{
    /// <summary>The least robust accuracy, <c>min-robust-accuracy</c>; null to report it only.</summary>
    public Threshold? MinRobustAccuracy { get; init; }

    /// <summary>What the report calls it: <c>L∞ ≤ 8/255</c>.</summary>
    public string Name => $"{(Norm == Norm.LInf ? "L∞" : "L2")} ≤ {Text}";
}
