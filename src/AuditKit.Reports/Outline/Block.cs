using AuditKit.Results;

namespace AuditKit.Reports.Outline;

/// <summary>A piece of a part, in reading order. A renderer knows how each kind looks, and nothing of what stands where.</summary>
internal abstract record Block;

/// <summary>A paragraph of text.</summary>
internal sealed record Paragraph(string Text, ParagraphKind Kind = ParagraphKind.Text) : Block;

/// <summary>What a paragraph is for.</summary>
internal enum ParagraphKind
{
    /// <summary>To be read.</summary>
    Text,

    /// <summary>How something was measured, for who would check it.</summary>
    Method,

    /// <summary>What broke.</summary>
    Failure,
}

/// <summary>A heading inside a part.</summary>
internal sealed record Heading(string Text) : Block;

/// <summary>Labelled lines.</summary>
internal sealed record FactList(IReadOnlyList<Fact> Facts) : Block;

/// <summary>Items of a list.</summary>
internal sealed record BulletList(IReadOnlyList<string> Items) : Block;

/// <summary>What keeps the model from its release, the gravest first.</summary>
internal sealed record BlockingList(IReadOnlyList<BlockingLine> Lines) : Block;

/// <summary>One reason why the model is not released.</summary>
/// <param name="Outcome">Fail, inconclusive or error.</param>
/// <param name="Figure">What is measured, and on what.</param>
/// <param name="Text">By how much it misses, or why nobody can tell.</param>
internal sealed record BlockingLine(GateOutcome Outcome, string Figure, string Text);

/// <summary>Every gate in one picture.</summary>
internal sealed record ForestPlot(string Title, IReadOnlyList<GateRow> Rows) : Block;

/// <summary>Findings with interval, threshold and reason.</summary>
/// <param name="Caption">The table's caption.</param>
/// <param name="Findings">In reading order.</param>
/// <param name="WithCheck">Whether each names its check: not where the part does.</param>
/// <param name="IsIndex">Whether it is the list of all, to be filtered and sorted on a screen.</param>
internal sealed record FindingList(string Caption, IReadOnlyList<Finding> Findings, bool WithCheck, bool IsIndex = false) : Block;

/// <summary>A chart.</summary>
internal sealed record ChartBlock(Chart Chart) : Block;

/// <summary>A table.</summary>
internal sealed record TableBlock(Table Table) : Block;

/// <summary>Images, each with what became of it.</summary>
/// <param name="Pictures">In reading order.</param>
/// <param name="Filters">The labels of the facts that the pictures can be filtered by; none where they are few.</param>
internal sealed record Gallery(IReadOnlyList<Picture> Pictures, IReadOnlyList<string> Filters) : Block;

/// <summary>An example and what it can be found by.</summary>
internal sealed record Picture(Example Example, IReadOnlyList<Fact> Facts);

/// <summary>Clauses of one law or standard.</summary>
internal sealed record ClauseList(string Framework, IReadOnlyList<ClauseRow> Rows) : Block;

/// <summary>A clause, and the parts that are evidence to it.</summary>
internal sealed record ClauseRow(ClauseStatus Status, IReadOnlyList<PartLink> Evidence);

/// <summary>A link to a part of the same report.</summary>
internal sealed record LinkBlock(string Text, PartLink Target) : Block;

/// <summary>A command to be typed.</summary>
internal sealed record CommandLine(string Command, string Explanation) : Block;

/// <summary>Text that is kept as it was written.</summary>
internal sealed record SourceText(string Text) : Block;
