namespace AuditKit.Results;

/// <summary>Which clauses the report has evidence for. It says what was measured and judged, never that a law is complied with.</summary>
public sealed record ComplianceMatrix
{
    /// <summary>The clauses, framework by framework.</summary>
    public required IReadOnlyList<ClauseStatus> Clauses { get; init; }

    /// <summary>What this program could have assessed and the spec did not ask for, a line each.</summary>
    public required IReadOnlyList<string> NotAssessed { get; init; }
}

/// <summary>One clause and what the report has to say to it.</summary>
public sealed record ClauseStatus
{
    /// <summary>The law or standard.</summary>
    public required string Framework { get; init; }

    /// <summary>The clause's number in it.</summary>
    public required string Reference { get; init; }

    /// <summary>What it asks for, in our words.</summary>
    public required string Title { get; init; }

    /// <summary>The answer.</summary>
    public required ClauseAnswer Answer { get; init; }

    /// <summary>What the answer rests on, or what is missing.</summary>
    public required string Note { get; init; }

    /// <summary>The checks of this report that are evidence.</summary>
    public required IReadOnlyList<string> Checks { get; init; }

    /// <summary>The other parts of this report that are evidence: <c>model</c>, <c>data</c>, <c>protocol</c>, <c>findings</c>,
    /// <c>limits</c>, <c>provenance</c>.</summary>
    public required IReadOnlyList<string> Parts { get; init; }

    /// <summary>What the provider states to it.</summary>
    public required IReadOnlyList<Fact> Provider { get; init; }
}

/// <summary>What a report can answer to a clause.</summary>
public enum ClauseAnswer
{
    /// <summary>There is evidence, and every gate on it passed.</summary>
    Met,

    /// <summary>There is evidence, and a gate failed, is inconclusive, or did not finish.</summary>
    NotMet,

    /// <summary>Nothing in the audit judges it.</summary>
    NotAssessed,

    /// <summary>The provider states something; nobody has verified it.</summary>
    Stated,

    /// <summary>Only the provider can answer it, and has not yet.</summary>
    ToBeFilledIn,
}
