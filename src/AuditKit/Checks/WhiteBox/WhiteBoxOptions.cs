using System.Globalization;
using AuditKit.Results;
using AuditKit.Yaml;

namespace AuditKit.Checks.WhiteBox;

/// <summary>What a spec says under <c>white-box</c>.</summary>
public sealed record WhiteBoxOptions
{
    /// <summary>The attacks that a spec can name, in the order in which they are run.</summary>
    private static readonly string[] Known = [PgdName, ApgdCeName, ApgdDlrName];

    internal const string PgdName = "pgd";
    internal const string ApgdCeName = "apgd-ce";
    internal const string ApgdDlrName = "apgd-dlr";

    /// <summary>The perturbations allowed: blocks <c>linf</c> and <c>l2</c>, ascending by ε within each.</summary>
    public required IReadOnlyList<Budget> Budgets { get; init; }

    /// <summary>How many images are attacked, <c>images</c>: drawn at random from all.</summary>
    public int Images { get; init; } = 200;

    /// <summary>Steps of each attack, <c>steps</c>.</summary>
    public int Steps { get; init; } = 50;

    /// <summary>Random starts of each attack, <c>restarts</c>.</summary>
    public int Restarts { get; init; } = 1;

    /// <summary>The attacks, <c>attacks</c>, in their order: <c>pgd</c>, <c>apgd-ce</c>, <c>apgd-dlr</c>.</summary>
    public IReadOnlyList<string> Attacks { get; init; } = Known;

    /// <summary>Reads <c>{ linf: { epsilon: [2/255, 8/255], min-robust-accuracy: { 2/255: 0.3 } }, images: 200, steps: 50, restarts: 1, attacks: [pgd, apgd-ce, apgd-dlr] }</c>.</summary>
    /// <exception cref="AuditException">An unknown key or attack, a value out of range, no budget at all, a limit at an ε that is not attacked.</exception>
    public static WhiteBoxOptions Parse(SpecMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        Budget[] budgets = [.. ParseBudgets(map, Norm.LInf, "linf", 1), .. ParseBudgets(map, Norm.L2, "l2", 1000)];
        var standard = new WhiteBoxOptions { Budgets = budgets };
        var options = standard with
        {
            Budgets = budgets.Length > 0
                ? budgets
                : throw map.Error("linf", $"'{map.Path}' needs a budget, such as linf: {{ epsilon: [2/255, 8/255] }}."),
            Images = map.Integer("images", standard.Images, 1, 10_000_000),
            Steps = map.Integer("steps", standard.Steps, 1, 10_000),
            Restarts = map.Integer("restarts", standard.Restarts, 1, 1000),
            Attacks = ParseAttacks(map),
        };
        map.Finish();
        return options;
    }

    /// <summary>
    /// The heading of a budget's outcomes in the evidence. It says all that they depend on: an image that fell to a
    /// smaller ε of the same norm is not attacked again.
    /// </summary>
    internal string Condition(Budget budget) => $"white-box: {budget.Norm} "
        + $"{string.Join(" < ", Smaller(budget).Append(budget).Select(b => b.Epsilon.ToString("R", CultureInfo.InvariantCulture)))}, "
        + $"{Images} images, {string.Join(" + ", Attacks)}, {Steps} steps, {Restarts} starts";

    /// <summary>The budgets of the same norm with a smaller ε, ascending.</summary>
    internal IEnumerable<Budget> Smaller(Budget budget) => Budgets.Where(other => other.Norm == budget.Norm && other.Epsilon < budget.Epsilon);

    internal PlannedCheck Plan() => new(new WhiteBoxCheck(this), new WhiteBoxAnalysis(this));

    private static Budget[] ParseBudgets(SpecMap map, Norm norm, string key, double most)
    {
        if (map.OptionalMap(key) is not { } block)
        {
            return [];
        }

        Budget[] budgets = [.. block.List("epsilon").Select(text => new Budget(norm, text, Parse(block, "epsilon", text, most))).OrderBy(budget => budget.Epsilon)];
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
                    = budgets[index] with { MinRobustAccuracy = limits.Limit(ThresholdKind.AtLeast, text) };
            }

            limits.Finish();
        }

        block.Finish();
        return budgets;
    }

    private static double Parse(SpecMap map, string key, string text, double most)
    {
        double[] parts = [.. text.Split('/').Select(part => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : double.NaN)];
        double epsilon = parts switch { [var value] => value, [var value, var by] => value / by, _ => double.NaN };
        return epsilon > 0 && epsilon <= most
            ? epsilon
            : throw map.Error(key, $"ε must be a number or a fraction such as 8/255, above 0 and at most {most}, not '{text}'.");
    }

    private static string[] ParseAttacks(SpecMap map)
    {
        IReadOnlyList<string> named = map.List("attacks", Known);
        foreach (string name in named)
        {
            if (!Known.Contains(name))
            {
                throw map.Error("attacks", $"there is no attack '{name}'.{SpecMap.Nearest(name, Known)} There are {WordList.Of(Known)}.");
            }
        }

        return named.Count > 0 ? [.. Known.Where(named.Contains)] : throw map.Error("attacks", "name at least one attack, such as pgd.");
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
