using AuditKit.Imaging.Corruptions;
using AuditKit.Results;
using AuditKit.Yaml;

namespace AuditKit.Checks.Corruptions;

/// <summary>What a spec says under <c>corruptions</c>.</summary>
public sealed record CorruptionsOptions
{
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
    public Threshold? MaxMeanError { get; init; }

    /// <summary>The largest mCE against the reference, <c>max-mce</c>; null to report it only.</summary>
    public Threshold? MaxMce { get; init; }

    /// <summary>Reads <c>{ kinds: benchmark, severities: [1, 3, 5], frost: folder, stored: folder, reference: alexnet, max-mean-error: 0.3, max-mce: 1 }</c>; every key may be left out.</summary>
    /// <param name="map">The block.</param>
    /// <param name="folder">The full path of the spec's folder, which relative paths start from.</param>
    /// <exception cref="AuditException">An unknown key or corruption, a value out of range, options that contradict each other.</exception>
    public static CorruptionsOptions Parse(SpecMap map, string folder)
    {
        ArgumentNullException.ThrowIfNull(map);
        var options = new CorruptionsOptions
        {
            Kinds = ParseKinds(map),
            Severities = ParseSeverities(map),
            Frost = FullPath(map.OptionalText("frost"), folder),
            Stored = FullPath(map.OptionalText("stored"), folder),
            MaxMeanError = map.Limit(ThresholdKind.AtMost, "max-mean-error"),
            MaxMce = map.OptionalNumber("max-mce", 0, 100) is { } most ? new Threshold(ThresholdKind.AtMost, most, $"{map.Path}.max-mce") : null,
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

    internal PlannedCheck Plan() => new(new CorruptionsCheck(this), new CorruptionsAnalysis(this));

    private static CorruptionKind[] ParseKinds(SpecMap map)
    {
        CorruptionKind[] kinds = map.List("kinds", ["benchmark"]) switch
        {
            ["all"] => [.. CorruptionCatalog.Kinds],
            ["benchmark"] => [.. CorruptionCatalog.Kinds.Where(kind => kind.InBenchmark)],
            _ => [.. map.List("kinds", CorruptionCatalog.Find, kind => kind.Name)],
        };
        return kinds.Any(kind => kind.InBenchmark)
            ? kinds
            : throw map.Error("kinds", "name at least one of the benchmark's 15: the averages are over them.");
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
