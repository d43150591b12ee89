using AuditKit.Results;
using AuditKit.Yaml;

namespace AuditKit.Comparisons;

/// <summary>By how much a candidate may be worse than its baseline; null where a difference is only reported.</summary>
public sealed record Margins
{
    private static readonly NumberKey s_accuracy = new("margin", "By how much accuracy may be lower under any condition", null, 0, 1);
    private static readonly NumberKey s_flipRate = new("flip-margin", "By how much the flip rate may be higher under any perturbation", null, 0, 1);
    private static readonly NumberKey s_attackSuccess = new("attack-margin", "By how much attacks may succeed more often", null, 0, 1);

    private static readonly NumberKey s_disagreement = new("max-disagreement", "The largest share of images that the two models answer otherwise, under any "
        + "condition", null, 0, 1);

    /// <summary>The keys of a spec that set them.</summary>
    internal static IReadOnlyList<SpecKey> Keys { get; } = [s_accuracy, s_flipRate, s_attackSuccess, s_disagreement];

    /// <summary>The least difference of accuracy, −δ, under every condition that both runs measured.</summary>
    public Threshold? Accuracy { get; init; }

    /// <summary>The largest difference of the flip rate under every perturbation.</summary>
    public Threshold? FlipRate { get; init; }

    /// <summary>The largest difference of every attack's success rate.</summary>
    public Threshold? AttackSuccess { get; init; }

    /// <summary>The largest share of images, under every condition, that the two answer otherwise, whichever of them is right.</summary>
    public Threshold? Disagreement { get; init; }

    /// <summary>Reads <c>margin</c>, <c>flip-margin</c>, <c>attack-margin</c> and <c>max-disagreement</c>, each in [0, 1].</summary>
    /// <exception cref="AuditException">A value is out of range.</exception>
    public static Margins Parse(SpecMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        string Key(string key) => map.Path.Length == 0 ? key : $"{map.Path}.{key}";
        return Of(s_accuracy.ReadOptional(map), s_flipRate.ReadOptional(map), s_attackSuccess.ReadOptional(map), s_disagreement.ReadOptional(map), Key);
    }

    /// <summary>Margins as numbers δ in [0, 1].</summary>
    /// <param name="accuracy">For accuracy; null to report only.</param>
    /// <param name="flipRate">For flip rates; null to report only.</param>
    /// <param name="attackSuccess">For attacks' success; null to report only.</param>
    /// <param name="disagreement">For the share of answers that differ; null to report only.</param>
    /// <param name="key">What a report calls the setting <c>margin</c>, <c>flip-margin</c>, <c>attack-margin</c> or <c>max-disagreement</c>.</param>
    public static Margins Of(double? accuracy, double? flipRate, double? attackSuccess, double? disagreement, Func<string, string> key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new Margins
        {
            Accuracy = accuracy is { } a ? new Threshold(ThresholdKind.AtLeast, -a, key("margin")) : null,
            FlipRate = flipRate is { } f ? new Threshold(ThresholdKind.AtMost, f, key("flip-margin")) : null,
            AttackSuccess = attackSuccess is { } s ? new Threshold(ThresholdKind.AtMost, s, key("attack-margin")) : null,
            Disagreement = disagreement is { } d ? new Threshold(ThresholdKind.AtMost, d, key(s_disagreement.Key)) : null,
        };
    }
}
