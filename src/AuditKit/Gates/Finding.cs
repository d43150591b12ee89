namespace AuditKit.Gates;

/// <summary>One measured figure, and what was demanded of it.</summary>
public sealed record Finding
{
    /// <summary>The check that measured it, as the spec names it: <c>accuracy</c>, <c>stability</c> …</summary>
    public required string Check { get; init; }

    /// <summary>What is measured, in the field's words: <c>accuracy</c>, <c>worst-group accuracy</c>, <c>flip rate</c>.</summary>
    public required string Metric { get; init; }

    /// <summary>What it is measured on: a condition or a group, such as <c>jpeg-50</c>; empty for the whole set.</summary>
    public string Subject { get; init; } = "";

    /// <summary>The point estimate; null where there was nothing to measure (n = 0).</summary>
    public required double? Estimate { get; init; }

    /// <summary>The interval that is displayed; null where the metric has none.</summary>
    public Statistics.Interval? Interval { get; init; }

    /// <summary>How the interval was computed: <c>Wilson 95 %</c>.</summary>
    public string Method { get; init; } = "";

    /// <summary>Number of independent units (source images) behind the estimate.</summary>
    public required int Count { get; init; }

    /// <summary>Whether the figure is a proportion, to be printed in per cent.</summary>
    public bool IsProportion { get; init; } = true;

    /// <summary>What the spec demands; null for a figure that is only reported.</summary>
    public Threshold? Threshold { get; init; }

    /// <summary>The gate's answer; <see cref="GateOutcome.NotGated"/> without a threshold.</summary>
    public GateOutcome Outcome { get; init; } = GateOutcome.NotGated;

    /// <summary>The bound that the gate judged by and how it was computed, or why it could not judge; empty without a threshold.</summary>
    public string Reason { get; init; } = "";

    /// <summary>A stable identity for JUnit, SARIF and comparisons: <c>stability/flip rate/jpeg-50</c>.</summary>
    public string Id => Subject.Length == 0 ? $"{Check}/{Metric}" : $"{Check}/{Metric}/{Subject}";
}

/// <summary>A limit that a spec sets on a figure.</summary>
/// <param name="Kind">Whether the figure must stay at or above, or at or below the limit.</param>
/// <param name="Value">The limit, a proportion in [0, 1] or in the metric's unit.</param>
/// <param name="Key">The spec key that set it, such as <c>checks.accuracy.min</c>.</param>
public sealed record Threshold(ThresholdKind Kind, double Value, string Key)
{
    /// <summary>The side that is allowed, as reports write it: ≥ or ≤.</summary>
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

/// <summary>The answer of one gate.</summary>
public enum GateOutcome
{
    /// <summary>No threshold was set: the figure is only reported.</summary>
    NotGated,

    /// <summary>The confidence bound clears the threshold.</summary>
    Pass,

    /// <summary>The confidence bound shows that the threshold is missed.</summary>
    Fail,

    /// <summary>The interval straddles the threshold, or there were too few images to tell. Blocks, like fail.</summary>
    Inconclusive,

    /// <summary>The check crashed or is missing. Blocks: nothing passes because it did not run.</summary>
    Error,
}
