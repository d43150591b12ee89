using AuditKit.Checks.Subgroups;
using AuditKit.Imaging;
using AuditKit.Results;
using AuditKit.Yaml;

namespace AuditKit.Checks.SimBa;

/// <summary>What a spec says under <c>simba</c>.</summary>
public sealed record SimBaOptions
{
    /// <summary>How many images are attacked, <c>images</c>: drawn at random from those that are classified correctly.</summary>
    public int Images { get; init; } = 200;

    /// <summary>The step ε, <c>epsilon</c>, for pixels in [0, 1].</summary>
    public double Epsilon { get; init; } = 0.2;

    /// <summary>The most basis vectors tried on one image in each restart, <c>iterations</c>.</summary>
    public int Iterations { get; init; } = 1000;

    /// <summary>How often each image is attacked from the start, in another order of the basis vectors, <c>restarts</c>.</summary>
    public int Restarts { get; init; } = 1;

    /// <summary>
    /// The frequencies along each side that the DCT basis has (<c>basis: dct</c>, <c>frequencies</c>); null for the
    /// pixel basis, <see cref="int.MaxValue"/> for all.
    /// </summary>
    public int? Frequencies { get; init; }

    /// <summary>The class that each image is to be taken for, <c>target</c>; null for any but its own.</summary>
    public SimBaTarget? Target { get; init; }

    /// <summary>The largest L2 norm of a perturbation, <c>max-l2</c>, for pixels in [0, 1]; null for no limit.</summary>
    public double? MaxL2 { get; init; }

    /// <summary>The largest L∞ norm of a perturbation, <c>max-linf</c>, for pixels in [0, 1]; null for no limit.</summary>
    public double? MaxLInf { get; init; }

    /// <summary>The groups whose success rates are compared, <c>by</c>; may be empty.</summary>
    public IReadOnlyList<Grouping> By { get; init; } = [];

    /// <summary>The largest success rates, <c>max-success</c>, by the iterations that they hold for, ascending; may be empty.</summary>
    public IReadOnlyDictionary<int, Threshold> MaxSuccess { get; init; } = new SortedDictionary<int, Threshold>();

    /// <summary>
    /// The heading of the outcomes in the evidence. It says all that they depend on, because a run may go on in its
    /// folder after its spec was changed.
    /// </summary>
    internal string Condition => string.Join(", ",
    [
        $"simba: epsilon {Epsilon}, {Iterations} iterations, {Images} images",
        .. Frequencies is { } frequencies ? [frequencies == int.MaxValue ? "dct" : $"dct {frequencies}"] : Array.Empty<string>(),
        .. Target is { } target ? [$"target {target}"] : Array.Empty<string>(),
        .. MaxL2 is { } l2 ? [$"L2 {l2}"] : Array.Empty<string>(),
        .. MaxLInf is { } lInf ? [$"LInf {lInf}"] : Array.Empty<string>(),
        .. Restarts > 1 ? [$"{Restarts} restarts"] : Array.Empty<string>(),
    ]);

    /// <summary>The most iterations on one image in all.</summary>
    internal int Budget => Iterations * Restarts;

    /// <summary>The vectors that are tried.</summary>
    internal Basis Basis(InputShape shape) => Frequencies is { } frequencies ? new DctBasis(shape, frequencies) : new PixelBasis(shape);

    /// <summary>
    /// Whether the attacker sees probabilities rounded to 32 bits, as in published codes: where they round to 1, no
    /// step seems to lower them, and the attack stands still. For comparison with those codes only.
    /// </summary>
    internal bool SinglePrecision { get; init; }

    /// <summary>Reads <c>{ images: 200, epsilon: 0.2, iterations: 1000, max-success: { 100: 0.60 } }</c>; every key may be left out.</summary>
    /// <param name="map">The options.</param>
    /// <param name="attributes">The attributes that come with the data.</param>
    /// <exception cref="AuditException">An unknown key, a value out of range, limits that contradict each other or the budget.</exception>
    public static SimBaOptions Parse(SpecMap map, IReadOnlyList<string> attributes)
    {
        ArgumentNullException.ThrowIfNull(map);
        var standard = new SimBaOptions();
        int iterations = map.Integer("iterations", standard.Iterations, 1, 1_000_000);
        int restarts = map.Integer("restarts", standard.Restarts, 1, 100);
        var options = standard with
        {
            Images = map.Integer("images", standard.Images, 1, 10_000_000),
            Epsilon = map.Number("epsilon", standard.Epsilon, 1.0 / 255, 1),
            Iterations = iterations,
            Restarts = restarts,
            Frequencies = ParseBasis(map),
            Target = map.Has("target") ? map.Choice("target", Targets, SimBaTarget.Random) : null,
            MaxL2 = map.OptionalNumber("max-l2", 1e-6, 1e6),
            MaxLInf = map.OptionalNumber("max-linf", 1e-6, 1),
            By = Grouping.ParseList(map, "by", attributes),
            MaxSuccess = Limits(map, iterations * restarts),
        };
        map.Finish();
        return options;
    }

    internal PlannedCheck Plan() => new(new SimBaCheck(this), new SimBaAnalysis(this));

    private static Dictionary<string, SimBaTarget> Targets { get; } = new() { ["random"] = SimBaTarget.Random, ["least-likely"] = SimBaTarget.LeastLikely };

    private static int? ParseBasis(SpecMap map)
    {
        bool dct = map.Choice("basis", new Dictionary<string, bool> { ["pixel"] = false, ["dct"] = true }, false);
        return !map.Has("frequencies") ? (dct ? int.MaxValue : null)
            : dct ? map.Integer("frequencies", null, 1, 16_384)
            : throw map.Error("frequencies", "frequencies belong to the DCT basis: add basis: dct.");
    }

    private static SortedDictionary<int, Threshold> Limits(SpecMap map, int budget)
    {
        var limits = new SortedDictionary<int, Threshold>();
        (int Iterations, double Rate) before = (0, 0);
        foreach ((int iterations, double rate) in map.NumbersByInteger("max-success", 1, 1_000_000, 0, 1))
        {
            if (iterations > budget)
            {
                throw map.Error("max-success", $"a limit at {iterations} iterations can never be judged: 'iterations' is {budget} in all.");
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

/// <summary>How a targeted attack chooses the class that an image is to be taken for.</summary>
public enum SimBaTarget
{
    /// <summary>Any class but the image's own, drawn by the audit's seed.</summary>
    Random,

    /// <summary>The class that the model finds least likely for the unchanged image.</summary>
    LeastLikely,
}
