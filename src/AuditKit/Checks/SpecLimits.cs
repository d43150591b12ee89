using AuditKit.Results;
using AuditKit.Yaml;

namespace AuditKit.Checks;

/// <summary>Limits on figures in a spec.</summary>
internal static class SpecLimits
{
    /// <summary>The limit that a key sets on a proportion, or on a figure between other bounds; null where the key is absent.</summary>
    public static Threshold? Limit(this SpecMap map, ThresholdKind kind, string key, double min = 0, double max = 1)
        => map.OptionalNumber(key, min, max) is { } value ? new Threshold(kind, value, $"{map.Path}.{key}") : null;
}
