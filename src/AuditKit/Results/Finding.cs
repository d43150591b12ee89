namespace AuditKit.Results;

/// <summary>One measured figure, and what was demanded of it.</summary>
public sealed record Finding
{
    /// <summary>A stable identity for JUnit, SARIF and comparisons: <c>stability/flip rate/jpeg-50</c>.</summary>
    public string Id => Subject.Length == 0 ? $"{Check}/{Metric}" : $"{Check}/{Metric}/{Subject}";

    /// <summary>The check that measured it, as the spec names it: <c>accuracy</c>, <c>stability</c> …</summary>
    public required string Check { get; init; }

    /// <summary>What is measured, in the field's words: <c>accuracy</c>, <c>worst-group accuracy</c>, <c>flip rate</c>.</summary>
    public required string Metric { get; init; }

    /// <summary>What it is measured on: a condition or a group, such as <c>jpeg-50</c>; empty for the whole set.</summary>
    public string Subject { get; init; } = "";

    /// <summary>Whether the figure is a proportion, to be printed in per cent.</summary>
    public bool IsProportion { get; init; } = true;

    /// <summary>The point estimate; null where there was nothing to measure (n = 0).</summary>
    public required double? Estimate { get; init; }

    /// <summary>The interval that is displayed; null where the metric has none.</summary>
    public Statistics.Interval? Interval { get; init; }

    /// <summary>How the interval was computed: <c>Wilson 95 %</c>.</summary>
    public string Method { get; init; } = "";

    /// <summary>Number of independent units (source images) behind the estimate.</summary>
    public required int Count { get; init; }

    /// <summary>What the spec demands; null for a figure that is only reported.</summary>
    public Threshold? Threshold { get; init; }

    /// <summary>The gate's answer; <see cref="GateOutcome.NotGated"/> without a threshold.</summary>
    public GateOutcome Outcome { get; init; } = GateOutcome.NotGated;

    /// <summary>The bound that the gate judged by and how it was computed, or why it could not judge; empty without a threshold.</summary>
    public string Reason { get; init; } = "";
}
