using AuditKit.Results;
using AuditKit.Yaml;

namespace AuditKit.Checks.Accuracy;

/// <summary>What a spec says under <c>accuracy</c>.</summary>
public sealed record AccuracyOptions
{
    /// <summary>The least accuracy, <c>min</c>; null to report it only.</summary>
    public Threshold? Min { get; init; }

    /// <summary>Reads <c>{ min: 0.92 }</c>.</summary>
    /// <exception cref="AuditException">An unknown key, or a value outside [0, 1].</exception>
    public static AccuracyOptions Parse(SpecMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        var options = new AccuracyOptions { Min = map.Limit(ThresholdKind.AtLeast, "min") };
        map.Finish();
        return options;
    }

    internal PlannedCheck Plan() => new(new AccuracyCheck(), new AccuracyAnalysis(this));
}
