using System.Text.Json.Nodes;
using AuditKit.Results;
using AuditKit.Yaml;

namespace AuditKit.Checks;

/// <summary>A limit on a figure, which makes it a gate; absent, the figure is only reported.</summary>
/// <param name="key">The key.</param>
/// <param name="description">What it means.</param>
/// <param name="kind">Which side of the limit is allowed.</param>
/// <param name="min">The least limit.</param>
/// <param name="max">The largest limit.</param>
public sealed class LimitKey(string key, string description, ThresholdKind kind, double min = 0, double max = 1) : SpecKey(key, description)
{
    /// <summary>Reads the key; null where it is absent.</summary>
    /// <exception cref="AuditException">The value is out of bounds.</exception>
    public Threshold? Read(SpecMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return map.OptionalNumber(Key, min, max) is { } value ? new Threshold(kind, value, $"{map.Path}.{Key}") : null;
    }

    /// <summary>A limit set in code.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of bounds, or of the other kind.</exception>
    public Threshold? Require(Threshold? limit) => limit is null || (limit.Kind == kind && limit.Value >= min && limit.Value <= max)
        ? limit
        : throw new ArgumentOutOfRangeException(nameof(limit), limit.Value,
            $"'{Key}' must be {(kind == ThresholdKind.AtLeast ? "a least" : "a largest")} value between {InvariantText.Of(min)} and {InvariantText.Of(max)}.");

    /// <inheritdoc/>
    protected override JsonObject Values() => new() { ["type"] = "number", ["minimum"] = min, ["maximum"] = max };
}
