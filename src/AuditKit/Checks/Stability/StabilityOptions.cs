using AuditKit.Imaging;
using AuditKit.Results;
using AuditKit.Yaml;

namespace AuditKit.Checks.Stability;

/// <summary>What a spec says under <c>stability</c>.</summary>
public sealed record StabilityOptions
{
    /// <summary>What is done to the images, <c>perturbations</c>, each on its own; at least one, no two the same.</summary>
    public required IReadOnlyList<IPerturbation> Perturbations { get; init; }

    /// <summary>The largest flip rate under each perturbation, <c>max-flip-rate</c>; null to report it only.</summary>
    public Threshold? MaxFlipRate { get; init; }

    /// <summary>Reads <c>{ perturbations: [jpeg-50, crop-2], max-flip-rate: 0.08 }</c>.</summary>
    /// <exception cref="AuditException">An unknown key or perturbation, a perturbation named twice, a value out of range.</exception>
    public static StabilityOptions Parse(SpecMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        var options = new StabilityOptions
        {
            Perturbations = map.Perturbations("perturbations"),
            MaxFlipRate = map.Limit(ThresholdKind.AtMost, "max-flip-rate"),
        };
        map.Finish();
        return options;
    }

    internal PlannedCheck Plan() => new(new StabilityCheck(this), new StabilityAnalysis(this));
}
