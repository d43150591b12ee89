namespace AuditKit.Results;

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
