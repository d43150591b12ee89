using AuditKit.Gates;
using AuditKit.Specs;

namespace AuditKit.Checks.SimBa;

/// <summary>What a spec says under <c>simba</c>.</summary>
public sealed record SimBaOptions
{
    /// <summary>How many images are attacked, <c>images</c>: drawn at random from those that are classified correctly.</summary>
    public int Images { get; init; } = 200;

    /// <summary>The step ε, <c>epsilon</c>, for pixels in [0, 1].</summary>
    public double Epsilon { get; init; } = 0.2;

    /// <summary>The most basis vectors tried on one image, <c>iterations</c>.</summary>
    public int Iterations { get; init; } = 1000;

    /// <summary>The largest success rates, <c>max-success</c>, by the iterations that they hold for, ascending; may be empty.</summary>
    public IReadOnlyDictionary<int, Threshold> MaxSuccess { get; init; } = new SortedDictionary<int, Threshold>();

    /// <summary>
    /// The heading of the outcomes in the evidence. It says all that they depend on, because a run may go on in its
    /// folder after its spec was changed.
    /// </summary>
    internal string Condition => $"simba: epsilon {Epsilon}, {Iterations} iterations, {Images} images";

    /// <summary>
    /// Whether the attacker sees probabilities rounded to 32 bits, as in published codes: where they round to 1, no
    /// step seems to lower them, and the attack stands still. For comparison with those codes only.
    /// </summary>
    internal bool SinglePrecision { get; init; }

    /// <summary>Reads <c>{ images: 200, epsilon: 0.2, iterations: 1000, max-success: { 100: 0.60 } }</c>; every key may be left out.</summary>
    /// <exception cref="AuditException">An unknown key, a value out of range, limits that contradict each other or the budget.</exception>
    public static SimBaOptions Parse(SpecMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        var standard = new SimBaOptions();
        int iterations = map.Integer("iterations", standard.Iterations, 1, 1_000_000);
        var options = standard with
        {
            Images = map.Integer("images", standard.Images, 1, 10_000_000),
            Epsilon = map.Number("epsilon", standard.Epsilon, 1.0 / 255, 1),
            Iterations = iterations,
            MaxSuccess = Limits(map, iterations),
        };
        map.Finish();
        return options;
    }

    internal PlannedCheck Plan() => new(new SimBaCheck(this), new SimBaAnalysis(this));

    private static SortedDictionary<int, Threshold> Limits(SpecMap map, int budget)
    {
        var limits = new SortedDictionary<int, Threshold>();
        (int Iterations, double Rate) before = (0, 0);
        foreach ((int iterations, double rate) in map.NumbersByInteger("max-success", 1, 1_000_000, 0, 1))
        {
            if (iterations > budget)
            {
                throw map.Error("max-success", $"a limit at {iterations} iterations can never be judged: 'iterations' is {budget}.");
            }

            if (rate < before.Rate)
            {
                throw map.Error("max-success",
                    $"the limits {before.Rate} at {before.Iterations} and {rate} at {iterations} iterations contradict each other: success can only grow with iterations.");
            }

            limits[iterations] = new Threshold(ThresholdKind.AtMost, rate, $"{map.Path}.max-success.{iterations}");
            before = (iterations, rate);
        }

        return limits;
    }
}
