using AuditKit.Imaging;
using AuditKit.Results;
using AuditKit.Yaml;

namespace AuditKit.Checks.NearDuplicates;

/// <summary>What a spec says under <c>near-duplicates</c>.</summary>
public sealed record NearDuplicatesOptions
{
    /// <summary>What makes a near-duplicate of an image, <c>perturbations</c>, each on its own; at least one, no two the same.</summary>
    public required IReadOnlyList<IPerturbation> Perturbations { get; init; }

    /// <summary>The least average precision under each perturbation, <c>min-average-precision</c>; null to report it only.</summary>
    public Threshold? MinAveragePrecision { get; init; }

    /// <summary>Reads <c>{ perturbations: [jpeg-50, crop-2], min-average-precision: 0.9 }</c>.</summary>
    /// <exception cref="AuditException">An unknown key or perturbation, a perturbation named twice, a value out of range.</exception>
    public static NearDuplicatesOptions Parse(SpecMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        var options = new NearDuplicatesOptions
        {
            Perturbations = map.Perturbations("perturbations"),
            MinAveragePrecision = map.Limit(ThresholdKind.AtLeast, "min-average-precision"),
        };
        map.Finish();
        return options;
    }

    internal PlannedCheck Plan() => new(new NearDuplicatesCheck(this), new NearDuplicatesAnalysis(this));
}
