namespace AuditKit.Reports.Outline;

/// <summary>A part of a report.</summary>
/// <param name="Link">Its id and its heading.</param>
/// <param name="Blocks">What it holds, in reading order.</param>
internal sealed record Part(PartLink Link, IReadOnlyList<Block> Blocks);
