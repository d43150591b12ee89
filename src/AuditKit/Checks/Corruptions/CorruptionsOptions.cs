using AuditKit.Imaging.Corruptions;
using AuditKit.Models;
using AuditKit.Results;
using AuditKit.Yaml;

namespace AuditKit.Checks.Corruptions;

/// <summary>
/// What a spec says under <c>corruptions</c>: <c>{ kinds: benchmark, severities: [1, 3, 5], frost: folder, stored: folder,
/// reference: alexnet, max-mean-error: 0.3, max-mce: 1 }</c>; every key may be left out.
/// </summary>
public sealed record CorruptionsOptions : ICheckOptions
{
    internal const string FrostKey = "frost";
    internal const string StoredKey = "stored";

    private static readonly ListKey s_kinds = new("kinds", "The corruptions: benchmark for the 15, all for "
        + "the 19, or names")
    { Known = ["benchmark", "all", .. CorruptionCatalog.Kinds.Select(kind => kind.Name)], Example = "[fog]" };
    private static readonly ListKey s_severities = new("severities", "The severities, 1 to 5") { Example = "[2, 4]" };
    private static readonly TextKey s_frost = new(FrostKey, "A folder of frost photographs, instead of the procedural texture");
    private static readonly TextKey s_stored = new(StoredKey, "A folder with a stored set that is read instead: CIFAR-10-C, CIFAR-100-C, ImageNet-C");
    private static readonly BlockKey s_reference = new(
        CorruptionReference.Key, "What the errors are divided by: alexnet, errors by corruption, or a model to be run",
        new TextKey("name", "What the report calls the model"), new BlockKey("errors", "Its error under each corruption"),
            new BlockKey("model", "The model to be run", [.. ModelSpec.Keys]))
    {
        Word = "alexnet",
    };
    private static readonly LimitKey s_maxMeanError = new("max-mean-error", "The largest mean corruption error", ThresholdKind.AtMost) { Example = "0.95" };
    private static readonly LimitKey s_maxMce = new("max-mce", "The largest mCE against the reference", ThresholdKind.AtMost, 0, 100);

    /// <summary>The check.</summary>
    public static CheckDescriptor Check { get; } = new()
    {
        Key = CorruptionsCheck.Key,
        Assesses = "common corruptions: noise, blur, weather, digital",
        Keys = [s_kinds, s_severities, s_frost, s_stored, s_reference, s_maxMeanError, s_maxMce],
        Parse = Parse,
        Clauses = ["ai-act-15 15(1)", "ai-act-15 15(4), errors and inconsistencies", "nist-measure-2 2.3", "nist-measure-2 2.5"],
        Weakness = Checks.Weakness.Corruption,
    };

    /// <summary>The corruptions, <c>kinds</c>: names, <c>benchmark</c> for the 15 or <c>all</c> for the 19; at least one of the 15.</summary>
    public IReadOnlyList<CorruptionKind> Kinds { get; init; } = [.. CorruptionCatalog.Kinds.Where(kind => kind.InBenchmark)];

    /// <summary>The severities, <c>severities</c>, ascending.</summary>
    public IReadOnlyList<int> Severities { get; init; } = [1, 2, 3, 4, 5];

    /// <summary>The full path of a folder of frost photographs, <c>frost</c>; null for the procedural texture.</summary>
    public string? Frost { get; init; }

    /// <summary>
    /// The full path of a stored set, <c>stored</c>, that is read instead: CIFAR-10-C, CIFAR-100-C, ImageNet-C; null to
    /// make the corrupted images.
    /// </summary>
    public string? Stored { get; init; }

    /// <summary>What the errors are divided by, <c>reference</c>; null for no normalised figure.</summary>
    public CorruptionReference? Reference { get; init; }

    /// <summary>The largest mean corruption error, <c>max-mean-error</c>; null to report it only.</summary>
    public Threshold? MaxMeanError { get; init => field = s_maxMeanError.Require(value); }

    /// <summary>The largest mCE against the reference, <c>max-mce</c>; null to report it only.</summary>
    public Threshold? MaxMce { get; init => field = s_maxMce.Require(value); }

    /// <summary>Where they were read from.</summary>
    internal SpecPlace Place { get; private init; } = SpecPlace.None;

    /// <inheritdoc/>
    public CheckDescriptor Descriptor => Check;

    /// <inheritdoc/>
    public PlannedCheck Bind(IReadOnlyList<string> attributes) => new(new CorruptionsCheck(this), new CorruptionsAnalysis(this));

    private static CorruptionsOptions Parse(SpecMap map, string folder)
    {
        var options = new CorruptionsOptions
        {
            Kinds = ParseKinds(map),
            Severities = ParseSeverities(map),
            Frost = FullPath(s_frost.Read(map), folder),
            Stored = FullPath(s_stored.Read(map), folder),
            MaxMeanError = s_maxMeanError.Read(map),
            MaxMce = s_maxMce.Read(map),
            Place = new SpecPlace(map),
        };
        options = options with { Reference = CorruptionReference.Parse(map, folder, options) };
        map.Finish();
        return options switch
        {
            { MaxMce: not null, Reference: null } => throw map.Error("max-mce", "an mCE is relative to a reference model: name one under 'reference'."),
            { Frost: not null, Stored: not null } => throw map.Error("frost", "a stored set has its own frost; leave out 'frost' or 'stored'."),
            _ => options,
        };
    }

    /// <summary>Every corruption at every severity.</summary>
    internal IEnumerable<(CorruptionKind Kind, int Severity)> Cells
        => from kind in Kinds from severity in Severities select (kind, severity);

    /// <summary>Those of the 15: averages are over them alone.</summary>
    internal IReadOnlyList<CorruptionKind> Averaged => [.. Kinds.Where(kind => kind.InBenchmark)];

    private static CorruptionKind[] ParseKinds(SpecMap map)
    {
        CorruptionKind[] kinds = map.List(s_kinds.Key, ["benchmark"]) switch
        {
            ["all"] => [.. CorruptionCatalog.Kinds],
            ["benchmark"] => [.. CorruptionCatalog.Kinds.Where(kind => kind.InBenchmark)],
            _ => [.. map.List(s_kinds.Key, CorruptionCatalog.Find, kind => kind.Name)],
        };
        return kinds.Any(kind => kind.InBenchmark)
            ? kinds
            : throw map.Error(s_kinds.Key, "name at least one of the benchmark's 15: the averages are over them.");
    }

    private static int[] ParseSeverities(SpecMap map)
    {
        double[] severities = [.. map.Numbers("severities", [1, 2, 3, 4, 5], 1, Corruption.Severities).Order()];
        return severities.Length == 0 || severities.Distinct().Count() < severities.Length || severities.Any(severity => severity != Math.Truncate(severity))
            ? throw map.Error("severities", $"'{map.Path}.severities' needs one or more different whole numbers from 1 to {Corruption.Severities}.")
            : [.. severities.Select(severity => (int)severity)];
    }

    private static string? FullPath(string? path, string folder) => path is null ? null : Path.GetFullPath(path, folder);
}
