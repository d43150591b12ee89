namespace AuditKit.Results;

/// <summary>A chart that every report format can draw.</summary>
public sealed record Chart
{
    /// <summary>What the chart shows, in words; also the text alternative for those who cannot see it.</summary>
    public required string Title { get; init; }

    /// <summary>Lines over a numeric axis, or bars with intervals over named rows.</summary>
    public required ChartKind Kind { get; init; }

    /// <summary>The horizontal axis' label.</summary>
    public required string XLabel { get; init; }

    /// <summary>The vertical axis' label.</summary>
    public required string YLabel { get; init; }

    /// <summary>Whether the horizontal axis is logarithmic (lines only; all x &gt; 0).</summary>
    public bool LogX { get; init; }

    /// <summary>Whether the values are proportions, printed in per cent.</summary>
    public bool Percent { get; init; } = true;

    /// <summary>A threshold drawn across; null for none.</summary>
    public double? Reference { get; init; }

    /// <summary>The series, at least one.</summary>
    public required IReadOnlyList<ChartSeries> Series { get; init; }
}

/// <summary>The kinds of chart.</summary>
public enum ChartKind
{
    /// <summary>Lines (steps are given as points) over a numeric axis.</summary>
    Line,

    /// <summary>Horizontal bars with intervals, one for each name.</summary>
    Bar,

    /// <summary>A field of coloured cells with their values: a series a row, its names the columns.</summary>
    HeatMap,
}

/// <summary>One line, or one set of bars.</summary>
public sealed record ChartSeries
{
    /// <summary>The legend's text.</summary>
    public required string Name { get; init; }

    /// <summary>Positions on a line's horizontal axis; empty for bars.</summary>
    public IReadOnlyList<double> X { get; init; } = [];

    /// <summary>Names of the bars, or of a heat map's columns; empty for lines.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>The values, as many as positions or names.</summary>
    public required IReadOnlyList<double> Y { get; init; }

    /// <summary>Intervals around the values, as many as values; empty for none.</summary>
    public IReadOnlyList<Statistics.Interval> Intervals { get; init; } = [];
}
