using AuditKit.Data;
using AuditKit.Imaging;
using AuditKit.Imaging.Corruptions;
using AuditKit.Results;
using AuditKit.Yaml;

namespace AuditKit.Checks.Tta;

/// <summary>What a spec says under <c>tta</c>: <c>{ variants: [ten-crop, crop-flip, randaugment], samples: [1, 4, 16], policies: [policy.json] }</c>.</summary>
public sealed record TtaOptions : ICheckOptions
{
    /// <summary>How specs call RandAugment.</summary>
    internal const string RandAugmentName = "randaugment";

    private const int MostSamples = 1000;

    internal const string PoliciesKey = "policies";
    internal const string StoredKey = "stored";

    private static readonly Dictionary<string,
        IViews> s_fixed = new IViews[] { new CornerCrops(mirrored: false), new CornerCrops(mirrored: true), new CropFlip() }
        .ToDictionary(views => views.Name, StringComparer.Ordinal);

    private static readonly ListKey s_variants = new("variants", "Ways to make samples besides "
        + "the central one")
    { Known = [.. s_fixed.Keys, RandAugmentName], Example = "[ten-crop]" };
    private static readonly ListKey s_samples = new("samples", "Numbers of samples at which predictions are judged") { Example = "[1, 2]" };
    private static readonly BlockKey s_randAugment = new(RandAugmentName, "The grid of RandAugment, where variants has randaugment", RandAugmentGrid.Keys);
    private static readonly ListKey s_policies = new(PoliciesKey, "Policy files that tta search wrote");
    private static readonly ListKey s_members = new("members", "Further models that make an ensemble with the audited one");
    internal static readonly PerturbationsKey UnderKey = new("under", "What is done to the images first, each on its own and besides the "
        + "images as they are")
    { Example = "[jpeg-20]" };
    private static readonly TextKey s_stored = new(StoredKey, "A folder with a stored set that corruptions are read from: CIFAR-10-C, CIFAR-100-C, ImageNet-C");
    private static readonly ListKey s_metta = new("metta", "Numbers of samples of mean embeddings") { Example = "[2]" };
    private static readonly BlockKey s_probe = new("probe", "The training images that the linear probe of mean embeddings is fitted on", DataSpec.Keys);
    private static readonly BlockKey s_adapt = new("adapt", "Ways in which the model adapts itself to the images", AdaptationOptions.Keys);
    private static readonly ListKey s_pairs = new("pairs", "Variants that are held against each other, such as gps over crop-flip")
    {
        Example = "[ten-crop over central]",
    };
    private static readonly LimitKey s_minAccuracy = new("min-accuracy", "The least accuracy of every variant at its largest "
        + "number of samples", ThresholdKind.AtLeast)
    { Example = "0.1" };
    private static readonly LimitKey s_minLikelihood = new("min-calibrated-log-likelihood", "The least calibrated log-likelihood in nats",
        ThresholdKind.AtLeast, -1000, 0)
    { Example = "-99" };

    /// <summary>The check.</summary>
    public static CheckDescriptor Check { get; } = new()
    {
        Key = TtaCheck.Key,
        Assesses = "test-time augmentation and ensembles",
        Keys =
        [
            s_variants, s_samples, s_randAugment, s_policies, s_members, UnderKey, s_stored, s_metta, s_probe, s_adapt, s_pairs,
            s_minAccuracy, s_minLikelihood,
        ],
        Parse = Parse,
        Clauses = ["nist-measure-2 2.5"],
        NotPaired = new("tta: log-likelihoods, fewer samples than the most, embeddings", "answers are paired once a variant, at the most "
            + "samples that both runs have"),
    };

    /// <summary>Ways to make samples besides the central one, <c>variants</c>: <c>five-crop</c>, <c>ten-crop</c>, <c>crop-flip</c>.</summary>
    public IReadOnlyList<IViews> Variants { get; init; } = [];

    /// <summary>Numbers of samples S at which predictions are judged, <c>samples</c>, ascending, at least one.</summary>
    public IReadOnlyList<int> Samples
    {
        get;
        init => field = value.Count > 0 ? Ascending(value) : throw new ArgumentException("'samples' needs at least one number.", nameof(value));
    } = [1, 2, 4, 8, 16, 32];

    /// <summary>RandAugment and its grid, where <c>variants</c> has <c>randaugment</c>; null without.</summary>
    public RandAugmentGrid? RandAugment { get; init; }

    /// <summary>Full paths of policy files, <c>policies</c>.</summary>
    public IReadOnlyList<string> Policies { get; init; } = [];

    /// <summary>Full paths of further models that make an ensemble with the audited one, <c>members</c>.</summary>
    public IReadOnlyList<string> Members { get; init; } = [];

    /// <summary>What is done to the images first, <c>under</c>, each on its own and besides the images as they are.</summary>
    public IReadOnlyList<IPerturbation> Under { get; init => field = UnderKey.Require(value); } = [];

    /// <summary>The full path of a stored set that corruptions are read from, <c>stored</c>; null to make them.</summary>
    public string? Stored { get; init; }

    /// <summary>Numbers of samples of mean embeddings, <c>metta</c>, ascending; empty for none.</summary>
    public IReadOnlyList<int> Metta { get; init => field = Ascending(value); } = [];

    /// <summary>The training images that the linear probe of mean embeddings is fitted on, <c>probe</c>; null where none are asked for.</summary>
    public DataSpec? Probe { get; init; }

    /// <summary>How the model adapts itself to the images, <c>adapt</c>; null where it does not.</summary>
    public AdaptationOptions? Adapt { get; init; }

    /// <summary>Variants that are held against each other, <c>pairs</c>.</summary>
    public IReadOnlyList<TtaPair> Pairs { get; init; } = [];

    /// <summary>The least accuracy of every variant at its largest number of samples, <c>min-accuracy</c>; null to report it only.</summary>
    public Threshold? MinAccuracy { get; init => field = s_minAccuracy.Require(value); }

    /// <summary>The least calibrated log-likelihood in nats, at most 0, <c>min-calibrated-log-likelihood</c>; null to report it only.</summary>
    public Threshold? MinCalibratedLogLikelihood { get; init => field = s_minLikelihood.Require(value); }

    /// <summary>Where they were read from.</summary>
    internal SpecPlace Place { get; private init; } = SpecPlace.None;

    /// <inheritdoc/>
    public CheckDescriptor Descriptor => Check;

    /// <inheritdoc/>
    public PlannedCheck Bind(IReadOnlyList<string> attributes) => LacksProbe ? throw new ArgumentException("'metta' and 'probe' need one another.")
        : new(new TtaCheck(this), new TtaAnalysis(this));

    private bool LacksProbe => Metta.Count > 0 != Probe is not null;

    private static TtaOptions Parse(SpecMap map, string folder)
    {
        var standard = new TtaOptions();
        IReadOnlyList<string> variants = Distinct(map, "variants", ["crop-flip"]);
        foreach (string name in variants.Where(name => name != RandAugmentName && !s_fixed.ContainsKey(name)))
        {
            string[] known = [.. s_fixed.Keys, RandAugmentName];
            throw map.Error("variants", $"'{name}' is no way of augmenting.{Spelling.Nearest(name, known)} There are "
                + $"{string.Join(", ", known)}; policies have a key of their own.");
        }

        SpecMap? grid = map.OptionalMap(RandAugmentName);
        if (grid is not null && !variants.Contains(RandAugmentName))
        {
            throw map.Error(RandAugmentName, $"'{RandAugmentName}' has options but is not among the variants.");
        }

        var options = standard with
        {
            Variants = [.. variants.Where(s_fixed.ContainsKey).Select(name => s_fixed[name])],
            Samples = Counts(map, "samples", standard.Samples),
            RandAugment = grid is not null ? RandAugmentGrid.Parse(grid) : variants.Contains(RandAugmentName) ? new RandAugmentGrid() : null,
            Policies = [.. Distinct(map, "policies", []).Select(path => Path.Combine(Path.GetFullPath(folder), path))],
            Members = [.. Distinct(map, "members", []).Select(path => Path.Combine(Path.GetFullPath(folder), path))],
            Under = UnderKey.Read(map),
            Stored = s_stored.Read(map) is { } stored ? Path.GetFullPath(stored, Path.GetFullPath(folder)) : null,
            Metta = Counts(map, s_metta.Key, []),
            Probe = map.OptionalMap(s_probe.Key) is { } probe ? DataSpec.Parse(probe, folder) : null,
            Adapt = map.OptionalMap(s_adapt.Key) is { } adapt ? AdaptationOptions.Parse(adapt) : null,
            MinAccuracy = s_minAccuracy.Read(map),
            MinCalibratedLogLikelihood = s_minLikelihood.Read(map),
            Place = new SpecPlace(map),
        };
        options = options with { Pairs = map.List(s_pairs.Key, text => TtaPair.Parse(text, options.Names), pair => pair.ToString(), []) };
        map.Finish();
        if (options.Stored is not null && !options.Under.Any(perturbation => perturbation is Corruption))
        {
            throw map.Error(s_stored.Key, "no corruption is read from the stored set: name some under 'under', such as fog/3.");
        }

        if (options.LacksProbe)
        {
            throw map.Error(options.Probe is null ? s_metta.Key : s_probe.Key, options.Probe is null
                ? "mean embeddings are judged by a linear probe: name the training images that it is fitted on, probe: { path: …, split: train }."
                : "a probe is fitted for mean embeddings: say of how many samples, metta: [10, 32].");
        }

        // The evidence and pairs know policies by the names of their files.
        return options.Policies.Select(TtaCheck.PolicyKey).Distinct().Count() < options.Policies.Count
            ? throw map.Error("policies", "two policies have the same file name: rename one.")
            : options.Names.Distinct().Count() < options.Names.Count
            ? throw map.Error("policies", "a policy has the name of another variant: rename its file.")
            : options;
    }

    /// <summary>How pairs call the variants.</summary>
    private IReadOnlyCollection<string> Names
    {
        get
        {
            string[] views =
            [
                Central.Title, .. Variants.Select(view => view.Key), .. RandAugment is null ? Array.Empty<string>() : [RandAugmentName],
                .. Policies.Select(TtaCheck.PolicyKey),
            ];
            return
            [
                .. views, .. Members.Count == 0 ? [] : views.Select(view => $"{TtaPair.Ensemble} {view}"),
                .. Adapt?.Methods.Select(method => method.Key) ?? [],
            ];
        }
    }

    private static IReadOnlyList<int> Ascending(IReadOnlyList<int> counts)
        => counts.All(count => count is >= 1 and <= MostSamples) && counts.Zip(counts.Skip(1)).All(pair => pair.First < pair.Second) ? counts
            : throw new ArgumentException($"numbers of samples must be between 1 and {MostSamples}, ascending, each once.", nameof(counts));

    private static IReadOnlyList<int> Counts(SpecMap map, string key, IReadOnlyList<int> otherwise)
    {
        IReadOnlyList<double> counts = map.Numbers(key, [.. otherwise.Select(count => (double)count)], 1, MostSamples);
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
    private static readonly IntegerKey s_operators = new("operators", "Operators a sample", 3, 1, 10) { Example = "1" };
    private static readonly ListKey s_magnitudes = new("magnitudes", "The largest magnitudes that are tried") { Example = "[5]" };
    private static readonly NumberKey s_share = new("share", "The share of the images that the grid is searched on", 0.2, 0.01, 0.9) { Example = "0.4" };

    /// <summary>The keys of its block.</summary>
    internal static IReadOnlyList<SpecKey> Keys { get; } = [s_operators, s_magnitudes, s_share];

    /// <summary>Operators a sample N, <c>operators</c>.</summary>
    public int Operators { get; init => field = s_operators.Require(value); } = s_operators.Default;

    /// <summary>The grid of largest magnitudes M, <c>magnitudes</c>.</summary>
    public IReadOnlyList<double> Magnitudes { get; init; } = [3, 10, 20, 30];

    /// <summary>The share of the images that the grid is searched on, <c>share</c>; no variant is judged on them.</summary>
    public double Share { get; init => field = s_share.Require(value); } = s_share.Default;

    internal static RandAugmentGrid Parse(SpecMap map)
    {
        var standard = new RandAugmentGrid();
        var grid = new RandAugmentGrid
        {
            Operators = s_operators.Read(map),
            Magnitudes = [.. map.Numbers(s_magnitudes.Key, standard.Magnitudes, 0, Imaging.Augmentations.Augmentation.LargestMagnitude).Distinct().Order()],
            Share = s_share.Read(map),
        };
        map.Finish();
        return grid.Magnitudes.Count > 0 ? grid : throw map.Error(s_magnitudes.Key, "name at least one magnitude, such as 10.");
    }
}
