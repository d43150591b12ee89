using AuditKit.Gates;
using AuditKit.Specs;

namespace AuditKit.Checks;

/// <summary>Limits on proportions in a spec.</summary>
internal static class SpecLimits
{
    /// <summary>The limit that a key sets on a proportion; null where the key is absent.</summary>
    public static Threshold? Limit(this SpecMap map, ThresholdKind kind, string key)
        => map.OptionalNumber(key, 0, 1) is { } value ? new Threshold(kind, value, $"{map.Path}.{key}") : null;
}
