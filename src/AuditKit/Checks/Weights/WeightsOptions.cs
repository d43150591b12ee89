using AuditKit.Results;
using AuditKit.Yaml;

namespace AuditKit.Checks.Weights;

/// <summary>What a spec says under <c>weights</c>.</summary>
public sealed record WeightsOptions
{
    /// <summary>The largest condition number of any layer, <c>max-condition-number</c>; null to report it only.</summary>
    public Threshold? MaxConditionNumber { get; init; }

    /// <summary>The largest share of dead filters in any layer, <c>max-dead-filters</c>; null to report it only.</summary>
    public Threshold? MaxDeadFilters { get; init; }

    /// <summary>Whether convolutions are taken without borders, <c>padding: periodic</c>, instead of with the zeros that they pad, <c>zero</c>.</summary>
    public bool IsPeriodic { get; init; }

    /// <summary>Reads <c>{ padding: zero, max-condition-number: 1e6, max-dead-filters: 0.05 }</c>; every key may be left out.</summary>
    /// <exception cref="AuditException">An unknown key, or a value out of range.</exception>
    public static WeightsOptions Parse(SpecMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        const string Key = "max-condition-number";
        var options = new WeightsOptions
        {
            MaxConditionNumber = map.OptionalNumber(Key, 1, 1e12) is { } most ? new Threshold(ThresholdKind.AtMost, most, $"{map.Path}.{Key}") : null,
            IsPeriodic = map.Choice("padding", new Dictionary<string, bool> { ["zero"] = false, ["periodic"] = true }, false),
            MaxDeadFilters = map.Limit(ThresholdKind.AtMost, "max-dead-filters"),
        };
        map.Finish();
        return options;
    }

    internal PlannedCheck Plan() => new(new WeightsCheck(this), new WeightsAnalysis(this));
}
