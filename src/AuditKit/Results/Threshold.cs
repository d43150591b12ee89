using System.Text.Json.Serialization;

namespace AuditKit.Results;

/// <summary>A limit that a spec sets on a figure.</summary>
/// <param name="Kind">Whether the figure must stay at or above, or at or below the limit.</param>
/// <param name="Value">The limit, a proportion in [0, 1] or in the metric's unit.</param>
/// <param name="Key">The spec key that set it, such as <c>checks.accuracy.min</c>.</param>
public sealed record Threshold(ThresholdKind Kind, double Value, string Key)
{
    /// <summary>The side that is allowed, as reports write it: ≥ or ≤.</summary>
    [JsonIgnore]
    public string Sign => Kind == ThresholdKind.AtLeast ? "≥" : "≤";
}

/// <summary>Which side of a limit is allowed.</summary>
public enum ThresholdKind
{
    /// <summary>The figure must be ≥ the limit.</summary>
    AtLeast,

    /// <summary>The figure must be ≤ the limit.</summary>
    AtMost,
}
