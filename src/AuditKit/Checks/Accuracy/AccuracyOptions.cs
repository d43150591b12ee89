using AuditKit.Results;
using AuditKit.Yaml;

namespace AuditKit.Checks.Accuracy;

/// <summary>What a spec says under <c>accuracy</c>: <c>{ min: 0.92 }</c>.</summary>
public sealed record AccuracyOptions : ICheckOptions
{
    private static readonly LimitKey s_min = new("min", "The least accuracy", ThresholdKind.AtLeast) { Example = "0.5" };

    /// <summary>The check.</summary>
    public static CheckDescriptor Check { get; } = new()
    {
        Key = AccuracyCheck.Key,
        Assesses = "accuracy on the data as they are, by class",
        Keys = [s_min],
        Parse = Parse,
        Clauses = ["ai-act-15 15(1)", "ai-act-15 15(3)", "ai-act-annex-iv 3", "nist-measure-2 2.3", "nist-measure-2 2.5"],
    };

    /// <summary>The least accuracy, <c>min</c>; null to report it only.</summary>
    public Threshold? Min { get; init => field = s_min.Require(value); }

    /// <inheritdoc/>
    public CheckDescriptor Descriptor => Check;

    /// <inheritdoc/>
    public PlannedCheck Bind(IReadOnlyList<string> attributes) => new(new AccuracyCheck(), new AccuracyAnalysis(this));

    private static AccuracyOptions Parse(SpecMap map, string folder)
    {
        var options = new AccuracyOptions { Min = s_min.Read(map) };
        map.Finish();
        return options;
    }
}
