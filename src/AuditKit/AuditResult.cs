using AuditKit.Compliance;
using AuditKit.Gates;
using AuditKit.Imaging;

namespace AuditKit;

/// <summary>
/// Everything that an audit found, and everything that a report may print. It holds no wall clock: the same
/// inputs give the same result, and so the same reports, byte for byte.
/// </summary>
public sealed record AuditResult
{
    /// <summary>The audit's name, from the spec.</summary>
    public required string Name { get; init; }

    /// <summary>The verdict over all findings: the worst of them (error, fail, inconclusive, pass).</summary>
    public required GateOutcome Verdict { get; init; }

    /// <summary>What the provider says of itself and the system, in the spec's order; values may be empty ("not provided").</summary>
    public required IReadOnlyList<Fact> Provider { get; init; }

    /// <summary>The model: file, SHA-256, size, opset, input, classes, parameters, producer, engine.</summary>
    public required IReadOnlyList<Fact> Model { get; init; }

    /// <summary>The data: name, format, files with SHA-256, number of images, class counts.</summary>
    public required IReadOnlyList<Fact> Data { get; init; }

    /// <summary>How it was measured: seed, confidence level, conditions, thresholds, rules of judgement.</summary>
    public required IReadOnlyList<Fact> Protocol { get; init; }

    /// <summary>One section a check, in the spec's order.</summary>
    public required IReadOnlyList<Section> Sections { get; init; }

    /// <summary>The clauses of laws and standards that the report has evidence for, and what was not assessed; null for a comparison.</summary>
    public ComplianceMatrix? Compliance { get; init; }

    /// <summary>What a reader must know before relying on the report: what was not assessed, limits of the methods.</summary>
    public required IReadOnlyList<string> Limits { get; init; }

    /// <summary>Software versions, command, spec text and hashes: what is needed to do it again.</summary>
    public required IReadOnlyList<Fact> Provenance { get; init; }

    /// <summary>The spec as it was run, overrides applied (YAML).</summary>
    public required string Spec { get; init; }

    /// <summary>The spec's file, relative to the folder in which the audit was started; its name alone where it lay elsewhere.</summary>
    public required string SpecFile { get; init; }

    /// <summary>What the command line replaced in the file, as <c>key=value</c>; where it is empty, <see cref="Spec"/> is the file's text.</summary>
    public IReadOnlyList<string> Overrides { get; init; } = [];

    /// <summary>All findings in order.</summary>
    public IEnumerable<Finding> Findings => Sections.SelectMany(section => section.Findings);
}

/// <summary>A labelled line of a report.</summary>
/// <param name="Label">What it is: <c>SHA-256</c>.</param>
/// <param name="Value">The value as text; empty prints "not provided".</param>
public sealed record Fact(string Label, string Value);

/// <summary>What one check found.</summary>
public sealed record Section
{
    /// <summary>The check as the spec names it.</summary>
    public required string Check { get; init; }

    /// <summary>The section's heading: <c>Stability under JPEG, crop and thumbnail</c>.</summary>
    public required string Title { get; init; }

    /// <summary>Two or three sentences: what was measured and how to read it.</summary>
    public required string Summary { get; init; }

    /// <summary>Formulas, constants and sources, for the reader who would check them; one paragraph each.</summary>
    public required IReadOnlyList<string> Method { get; init; }

    /// <summary>The figures, gated ones first.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>Charts in reading order.</summary>
    public IReadOnlyList<Chart> Charts { get; init; } = [];

    /// <summary>Tables in reading order, beside the findings.</summary>
    public IReadOnlyList<Table> Tables { get; init; } = [];

    /// <summary>Rows of example images.</summary>
    public IReadOnlyList<Example> Examples { get; init; } = [];

    /// <summary>What broke, where the check did not finish; null where it did.</summary>
    public string? Error { get; init; }

    /// <summary>The section with a sentence more in its summary; null for none.</summary>
    internal Section WithNote(string? note) => note is null ? this : this with { Summary = $"{Summary} {note}" };
}

/// <summary>A table of text cells; the first column holds row headings.</summary>
/// <param name="Title">The caption.</param>
/// <param name="Columns">Column headings.</param>
/// <param name="Rows">Rows of as many cells as there are columns.</param>
public sealed record Table(string Title, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);

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

/// <summary>An original and what became of it, side by side.</summary>
/// <param name="Caption">What is seen: the image's source, what was done, both predictions.</param>
/// <param name="Panels">The images with a label each: original, perturbed, difference …</param>
public sealed record Example(string Caption, IReadOnlyList<ExamplePanel> Panels);

/// <summary>One image of an example.</summary>
/// <param name="Label">What is written under it: <c>sneaker, 98 %</c>.</param>
/// <param name="Image">The image, as the model saw it (8-bit).</param>
public sealed record ExamplePanel(string Label, Image Image);
