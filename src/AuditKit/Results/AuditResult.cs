using AuditKit.Run;

namespace AuditKit.Results;

/// <summary>
/// Everything that an audit found, and everything that a report may print. It holds no wall clock: the same
/// inputs give the same result, and so the same reports, byte for byte.
/// </summary>
public sealed record AuditResult
{
    /// <summary>The version of AuditKit that measured.</summary>
    public required string Version { get; init; }

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
