using AuditKit.Imaging;
using AuditKit.Results;
using AuditKit.Yaml;

namespace AuditKit.Checks.Tta;

/// <summary>What a spec says under <c>tta</c>.</summary>
public sealed record TtaOptions
{
    private const string RandAugmentName = "randaugment";

    private static readonly Dictionary<string, IViews> Fixed = new IViews[] { new CornerCrops(mirrored: false), new CornerCrops(mirrored: true), new CropFlip() }
        .ToDictionary(views => views.Name, StringComparer.Ordinal);

    /// <summary>Ways to make samples besides the central one, <c>variants</c>: <c>five-crop</c>, <c>ten-crop</c>, <c>crop-flip</c>.</summary>
    public IReadOnlyList<IViews> Variants { get; init; } = [];

    /// <summary>Numbers of samples S at which predictions are judged, <c>samples</c>, ascending.</summary>
    public IReadOnlyList<int> Samples { get; init; } = [1, 2, 4, 8, 16, 32];

    /// <summary>RandAugment and its grid, where <c>variants</c> has <c>randaugment</c>; null without.</summary>
    public RandAugmentGrid? RandAugment { get; init; }

    /// <summary>Full paths of policy files, <c>policies</c>.</summary>
    public IReadOnlyList<string> Policies { get; init; } = [];

    /// <summary>Full paths of further models that make an ensemble with the audited one, <c>members</c>.</summary>
    public IReadOnlyList<string> Members { get; init; } = [];

    /// <summary>What is done to the images first, <c>under</c>, each on its own and besides the images as they are.</summary>
    public IReadOnlyList<IPerturbation> Under { get; init; } = [];

    /// <summary>Numbers of samples of mean embeddings, <c>metta</c>, ascending; empty for none.</summary>
    public IReadOnlyList<int> Metta { get; init; } = [];

    /// <summary>The least accuracy of every variant at its largest number of samples, <c>min-accuracy</c>; null to report it only.</summary>
    public Threshold? MinAccuracy { get; init; }

    /// <summary>The least calibrated log-likelihood in nats, at most 0, <c>min-calibrated-log-likelihood</c>; null to report it only.</summary>
    public Threshold? MinCalibratedLogLikelihood { get; init; }

    /// <summary>Reads <c>{ variants: [ten-crop, crop-flip, randaugment], samples: [1, 4, 16], policies: [policy.json] }</c>.</summary>
    /// <param name="map">The options.</param>
    /// <param name="folder">The spec's folder, which relative paths start from.</param>
    /// <exception cref="AuditException">An unknown key or name, a value out of range.</exception>
    public static TtaOptions Parse(SpecMap map, string folder)
    {
        ArgumentNullException.ThrowIfNull(map);
        var standard = new TtaOptions();
        IReadOnlyList<string> variants = Distinct(map, "variants", ["crop-flip"]);
        foreach (string name in variants.Where(name => name != RandAugmentName && !Fixed.ContainsKey(name)))
        {
            string[] known = [.. Fixed.Keys, RandAugmentName];
            throw map.Error("variants", $"'{name}' is no way of augmenting.{Spelling.Nearest(name, known)} There are {string.Join(", ", known)}; policies have a key of their own.");
        }

        SpecMap? grid = map.OptionalMap(RandAugmentName);
        if (grid is not null && !variants.Contains(RandAugmentName))
        {
            throw map.Error(RandAugmentName, $"'{RandAugmentName}' has options but is not among the variants.");
        }

        var options = standard with
        {
            Variants = [.. variants.Where(Fixed.ContainsKey).Select(name => Fixed[name])],
            Samples = Counts(map, "samples", standard.Samples),
            RandAugment = grid is not null ? RandAugmentGrid.Parse(grid) : variants.Contains(RandAugmentName) ? new RandAugmentGrid() : null,
            Policies = [.. Distinct(map, "policies", []).Select(path => Path.Combine(Path.GetFullPath(folder), path))],
            Members = [.. Distinct(map, "members", []).Select(path => Path.Combine(Path.GetFullPath(folder), path))],
            Under = map.OptionalPerturbations("under"),
            Metta = Counts(map, "metta", []),
            MinAccuracy = map.Limit(ThresholdKind.AtLeast, "min-accuracy"),
            MinCalibratedLogLikelihood = map.Limit(ThresholdKind.AtLeast, "min-calibrated-log-likelihood", -1000, 0),
        };
        map.Finish();
        // The evidence knows policies by the names of their files.
        return options.Policies.Select(Path.GetFileName).Distinct().Count() < options.Policies.Count
            ? throw map.Error("policies", "two policies have the same file name: rename one.")
            : options;
    }

    internal PlannedCheck Plan() => new(new TtaCheck(this), new TtaAnalysis(this));

    private static IReadOnlyList<int> Counts(SpecMap map, string key, IReadOnlyList<int> otherwise)
    {
        const int Most = 1000;
        IReadOnlyList<double> counts = map.Numbers(key, [.. otherwise.Select(count => (double)count)], 1, Most);
        return counts.Any(count => count != Math.Floor(count))
            ? throw map.Error(key, $"'{key}' must be whole numbers.")
            : [.. counts.Select(count => (int)count).Distinct().Order()];
    }

    private static IReadOnlyList<string> Distinct(SpecMap map, string key, IReadOnlyList<string> otherwise)
        => map.List(key, name => name, name => name, otherwise);
}

/// <summary>How the magnitude of RandAugment is chosen: by grid search on images that are not judged.</summary>
public sealed record RandAugmentGrid
{
    /// <summary>Operators a sample N, <c>operators</c>.</summary>
    public int Operators { get; init; } = 2;

    /// <summary>The grid of largest magnitudes M, <c>magnitudes</c>.</summary>
    public IReadOnlyList<double> Magnitudes { get; init; } = [3, 10, 20, 30];

    /// <summary>The share of the images that the grid is searched on, <c>share</c>; no variant is judged on them.</summary>
    public double Share { get; init; } = 0.2;

    internal static RandAugmentGrid Parse(SpecMap map)
    {
        var standard = new RandAugmentGrid();
        var grid = new RandAugmentGrid
        {
            Operators = map.Integer("operators", standard.Operators, 1, 10),
            Magnitudes = [.. map.Numbers("magnitudes", standard.Magnitudes, 0, Imaging.Augmentations.Augmentation.LargestMagnitude).Distinct().Order()],
            Share = map.Number("share", standard.Share, 0.01, 0.9),
        };
        map.Finish();
        return grid.Magnitudes.Count > 0 ? grid : throw map.Error("magnitudes", "name at least one magnitude, such as 10.");
    }
}
