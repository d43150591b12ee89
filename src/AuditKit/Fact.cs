namespace AuditKit;

/// <summary>A labelled line of a report.</summary>
/// <param name="Label">What it is: <c>SHA-256</c>.</param>
/// <param name="Value">The value as text; empty prints "not provided".</param>
public sealed record Fact(string Label, string Value);
