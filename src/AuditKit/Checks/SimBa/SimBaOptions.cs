using AuditKit.Checks.Subgroups;
using AuditKit.Evidence;
using AuditKit.Imaging;
using AuditKit.Results;
using AuditKit.Yaml;

namespace AuditKit.Checks.SimBa;

/// <summary>What a spec says under <c>simba</c>: <c>{ images: 200, epsilon: 0.2, iterations: 1000, max-success: { 100: 0.60 } }</c>; every
/// key may be left out.</summary>
public sealed record SimBaOptions : ICheckOptions
{
    private const int MostIterations = 1_000_000;

    private static readonly IntegerKey s_images = new("images", "How many images are attacked, drawn from those that are "
        + "classified correctly", 200, 1, 10_000_000)
    { Example = "4" };
    private static readonly NumberKey s_epsilon = new("epsilon", "The step, for pixels in [0, 1]", 0.2, 1.0 / 255, 1) { Example = "0.3" };
    private static readonly IntegerKey s_iterations = new("iterations", "The most basis vectors tried on one image "
        + "in each restart", 1000, 1, MostIterations)
    { Example = "7" };
    private static readonly IntegerKey s_restarts = new("restarts", "How often each image is attacked from the start, "
        + "in another order", 1, 1, 100)
    { Example = "2" };
    private static readonly ChoiceKey<bool> s_basis = new("basis", "The vectors that are tried: single pixels, "
        + "or frequencies", new Dictionary<string, bool> { ["pixel"] = false, ["dct"] = true }, false)
    { Example = "dct" };
    private static readonly IntegerKey s_frequencies = new("frequencies", "The frequencies along each side that the DCT basis has", null, 1, 16_384);
    private static readonly ChoiceKey<SimBaTarget> s_target = new(
        "target", "The class that each image is to be taken for", new Dictionary<string,
            SimBaTarget>
        { ["random"] = SimBaTarget.Random, ["least-likely"] = SimBaTarget.LeastLikely }, SimBaTarget.Random)
    { Example = "random" };
    private static readonly NumberKey s_maxL2 = new("max-l2", "The largest L2 norm of a perturbation, for "
        + "pixels in [0, 1]", null, 1e-6, 1e6)
    { Example = "0.5" };
    private static readonly NumberKey s_maxLInf = new("max-linf", "The largest L∞ norm of a perturbation, for "
        + "pixels in [0, 1]", null, 1e-6, 1)
    { Example = "0.1" };
    private static readonly GroupingsKey s_by = new("The groups whose success rates are compared") { Example = "[class]" };
    private static readonly BlockKey s_maxSuccess = new("max-success", "The largest success rates by the iterations that they hold for, such "
        + "as { 100: 0.60 }")
    { Example = "{ 3: 0.9 }" };

    /// <summary>The check.</summary>
    public static CheckDescriptor Check { get; } = new()
    {
        Key = SimBaCheck.Key,
        Assesses = "black-box evasion attacks",
        Keys = [s_images, s_epsilon, s_iterations, s_restarts, s_basis, s_frequencies, s_target, s_maxL2, s_maxLInf, s_by, s_maxSuccess],
        Parse = Parse,
        Clauses = ["ai-act-15 15(5), evasion", "nist-measure-2 2.7"],
        Weakness = Checks.Weakness.Attack,
        NotPaired = new("simba: queries and sizes of perturbations", "only whether an attack succeeds is paired"),
    };

    /// <summary>How many images are attacked, <c>images</c>: drawn at random from those that are classified correctly.</summary>
    public int Images { get; init => field = s_images.Require(value); } = s_images.Default;

    /// <summary>The step ε, <c>epsilon</c>, for pixels in [0, 1].</summary>
    public double Epsilon { get; init => field = s_epsilon.Require(value); } = s_epsilon.Default;

    /// <summary>The most basis vectors tried on one image in each restart, <c>iterations</c>.</summary>
    public int Iterations { get; init => field = s_iterations.Require(value); } = s_iterations.Default;

    /// <summary>How often each image is attacked from the start, in another order of the basis vectors, <c>restarts</c>.</summary>
    public int Restarts { get; init => field = s_restarts.Require(value); } = s_restarts.Default;

    /// <summary>
    /// The frequencies along each side that the DCT basis has (<c>basis: dct</c>, <c>frequencies</c>); null for the
    /// pixel basis, <see cref="int.MaxValue"/> for all.
    /// </summary>
    public int? Frequencies { get; init; }

    /// <summary>The class that each image is to be taken for, <c>target</c>; null for any but its own.</summary>
    public SimBaTarget? Target { get; init; }

    /// <summary>The largest L2 norm of a perturbation, <c>max-l2</c>, for pixels in [0, 1]; null for no limit.</summary>
    public double? MaxL2 { get; init => field = s_maxL2.Require(value); }

    /// <summary>The largest L∞ norm of a perturbation, <c>max-linf</c>, for pixels in [0, 1]; null for no limit.</summary>
    public double? MaxLInf { get; init => field = s_maxLInf.Require(value); }

    /// <summary>The groups whose success rates are compared, <c>by</c>; may be empty.</summary>
    public Groupings By { get; init; } = new();

    /// <summary>The largest success rates, <c>max-success</c>, by the iterations that they hold for, ascending; may be empty.</summary>
    public IReadOnlyDictionary<int, Threshold> MaxSuccess { get; init; } = new SortedDictionary<int, Threshold>();

    /// <summary>The condition of the outcomes.</summary>
    internal Condition Condition
    {
        get
        {
            (string Key, object Value)[] options =
            [
                ("epsilon", Epsilon), ("iterations", Iterations), ("images", Images), ("restarts", Restarts),
                ("basis", Frequencies is { } frequencies ? (frequencies == int.MaxValue ? "dct" : $"dct {frequencies}") : "pixel"),
                ("target", Target?.ToString() ?? "any"), ("max-l2", MaxL2 ?? double.PositiveInfinity), ("max-linf", MaxLInf ?? double.PositiveInfinity),
                ("single-precision", SinglePrecision),
            ];
            return new Condition(ConditionKind.Attacked, SimBaCheck.Key,
                $"SimBA: {string.Join(", ", options.Select(option => $"{option.Key} {InvariantText.Of(option.Value)}"))}", options);
        }
    }

    /// <summary>The most iterations on one image in all.</summary>
    internal int Budget => Iterations * Restarts;

    /// <summary>The vectors that are tried.</summary>
    internal Basis Basis(InputShape shape) => Frequencies is { } frequencies ? new DctBasis(shape, frequencies) : new PixelBasis(shape);

    /// <summary>
    /// Whether the attacker sees probabilities rounded to 32 bits, as in published codes: where they round to 1, no
    /// step seems to lower them, and the attack stands still. For comparison with those codes only.
    /// </summary>
    internal bool SinglePrecision { get; init; }

    /// <inheritdoc/>
    public CheckDescriptor Descriptor => Check;

    /// <inheritdoc/>
    public PlannedCheck Bind(IReadOnlyList<string> attributes)
    {
        IReadOnlyList<Grouping> by = By.Bind(attributes);
        return new(new SimBaCheck(this, by), new SimBaAnalysis(this, by));
    }

    private static SimBaOptions Parse(SpecMap map, string folder)
    {
        var options = new SimBaOptions
        {
            Images = s_images.Read(map),
            Epsilon = s_epsilon.Read(map),
            Iterations = s_iterations.Read(map),
            Restarts = s_restarts.Read(map),
            Frequencies = ParseBasis(map),
            Target = map.Has(s_target.Key) ? s_target.Read(map) : null,
            MaxL2 = s_maxL2.ReadOptional(map),
            MaxLInf = s_maxLInf.ReadOptional(map),
            By = s_by.Read(map),
        };
        options = options with { MaxSuccess = Limits(map, options.Budget) };
        map.Finish();
        return options;
    }

    private static int? ParseBasis(SpecMap map)
    {
        bool dct = s_basis.Read(map);
        return !map.Has(s_frequencies.Key) ? (dct ? int.MaxValue : null)
            : dct ? s_frequencies.Read(map)
            : throw map.Error(s_frequencies.Key, "frequencies belong to the DCT basis: add basis: dct.");
    }

    private static SortedDictionary<int, Threshold> Limits(SpecMap map, int budget)
    {
        var limits = new SortedDictionary<int, Threshold>();
        (int Iterations, double Rate) before = (0, 0);
        foreach ((int iterations, double rate) in map.NumbersByInteger(s_maxSuccess.Key, 1, MostIterations, 0, 1))
        {
            if (iterations > budget)
            {
                throw map.Error(s_maxSuccess.Key, $"a limit at {iterations} iterations can never be judged: 'iterations' is {budget} in all.");
            }

            if (rate < before.Rate)
            {
                throw map.Error(s_maxSuccess.Key,
                    $"the limits {InvariantText.Of(before.Rate)} at {before.Iterations} and {InvariantText.Of(rate)} at {iterations} iterations contradict each other: success "
                        + "can only grow with iterations.");
            }

            limits[iterations] = new Threshold(ThresholdKind.AtMost, rate, $"{map.Path}.{s_maxSuccess.Key}.{iterations}");
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
