using AuditKit.Evidence;
using AuditKit.Results;
using AuditKit.Yaml;

namespace AuditKit.Checks.Weights;

/// <summary>What a spec says under <c>weights</c>: <c>{ padding: zero, max-condition-number: 1e6, max-dead-filters: 0.05 }</c>; every key
/// may be left out.</summary>
public sealed record WeightsOptions : ICheckOptions
{
    private static readonly LimitKey s_maxConditionNumber = new("max-condition-number", "The largest condition number of any layer",
        ThresholdKind.AtMost, 1, 1e12)
    { Example = "1e11" };
    private static readonly ChoiceKey<bool> s_padding = new(
        "padding", "Whether convolutions are taken with the zeros that they pad, or "
            + "without borders", new Dictionary<string, bool> { ["zero"] = false, ["periodic"] = true }, false)
    { Example = "periodic" };
    private static readonly LimitKey s_maxDeadFilters = new("max-dead-filters", "The largest share of dead "
        + "filters in any layer", ThresholdKind.AtMost)
    { Example = "0.9" };

    /// <summary>The check.</summary>
    public static CheckDescriptor Check { get; } = new()
    {
        Key = WeightsCheck.Key,
        Assesses = "conditioning of the weights",
        Keys = [s_maxConditionNumber, s_padding, s_maxDeadFilters],
        Parse = Parse,
        Clauses = ["nist-measure-2 2.7"],
        Weakness = Checks.Weakness.Conditioning,
        NotPaired = new("weights: all figures", "figures of the model alone, no image is looked at"),
    };

    /// <summary>The largest condition number of any layer, <c>max-condition-number</c>; null to report it only.</summary>
    public Threshold? MaxConditionNumber { get; init => field = s_maxConditionNumber.Require(value); }

    /// <summary>The largest share of dead filters in any layer, <c>max-dead-filters</c>; null to report it only.</summary>
    public Threshold? MaxDeadFilters { get; init => field = s_maxDeadFilters.Require(value); }

    /// <summary>Whether convolutions are taken without borders, <c>padding: periodic</c>, instead of with the zeros that they pad, <c>zero</c>.</summary>
    public bool IsPeriodic { get; init; }

    /// <inheritdoc/>
    public CheckDescriptor Descriptor => Check;

    /// <inheritdoc/>
    public PlannedCheck Bind(IReadOnlyList<string> attributes) => new(new WeightsCheck(this), new WeightsAnalysis(this));

    /// <summary>The condition of the figures.</summary>
    internal Condition Condition => new(ConditionKind.Weights, WeightsCheck.Key, "weights", ("padding", IsPeriodic ? "periodic" : "zero"));

    private static WeightsOptions Parse(SpecMap map, string folder)
    {
        var options = new WeightsOptions
        {
            MaxConditionNumber = s_maxConditionNumber.Read(map),
            IsPeriodic = s_padding.Read(map),
            MaxDeadFilters = s_maxDeadFilters.Read(map)
        };
        map.Finish();
        return options;
    }
}
