namespace AuditKit.Results;

/// <summary>A table of text cells; the first column holds row headings.</summary>
/// <param name="Title">The caption.</param>
/// <param name="Columns">Column headings.</param>
/// <param name="Rows">Rows of as many cells as there are columns.</param>
public sealed record Table(string Title, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);
