using AuditKit.Checks;
using AuditKit.Gates;

namespace AuditKit.Compliance;

/// <summary>Which clauses the report has evidence for. It says what was measured and judged, never that a law is complied with.</summary>
public sealed record ComplianceMatrix
{
    /// <summary>The clauses, framework by framework.</summary>
    public required IReadOnlyList<ClauseStatus> Clauses { get; init; }

    /// <summary>What this program could have assessed and the spec did not ask for, a line each.</summary>
    public required IReadOnlyList<string> NotAssessed { get; init; }

    /// <summary>Holds sections and the provider's words against the clauses.</summary>
    /// <param name="sections">The report's sections.</param>
    /// <param name="provider">The provider's fields, empty ones too.</param>
    public static ComplianceMatrix Of(IReadOnlyList<Section> sections, IReadOnlyList<Fact> provider)
    {
        ClauseCatalog catalog = ClauseCatalog.Own;
        Dictionary<string, string> stated = provider.Where(fact => fact.Value.Length > 0).DistinctBy(fact => fact.Label).ToDictionary(fact => fact.Label, fact => fact.Value);
        return new ComplianceMatrix
        {
            Clauses = [.. from framework in catalog.Frameworks from clause in framework.Clauses select Judge(framework.Name, clause, sections, stated)],
            NotAssessed =
            [
                .. CheckCatalog.Names.Where(check => !sections.Any(section => section.Check == check))
                    .Select(check => catalog.Checks.TryGetValue(check, out string? title) ? $"{title} ({check})" : check),
            ],
        };
    }

    private static ClauseStatus Judge(string framework, ClauseCatalog.Entry clause, IReadOnlyList<Section> sections, Dictionary<string, string> stated)
    {
        Section[] evidence = [.. sections.Where(section => clause.Checks.Contains(section.Check))];
        string[] missing = [.. clause.Checks.Where(check => CheckCatalog.Names.Contains(check) && !evidence.Any(section => section.Check == check))];
        string[] empty = [.. clause.Provider.Where(field => !stated.ContainsKey(field))];
        (ClauseAnswer answer, string note) = clause.Rule is { } rule ? ByRule(rule, sections)
            : evidence.Length > 0 ? ByGates(evidence)
            : clause.Provider.Count > 0 && empty.Length > 0 ? (ClauseAnswer.ToBeFilledIn, $"not provided: {string.Join(", ", empty)}")
            : clause.Provider.Count > 0 ? (ClauseAnswer.Stated, "printed as given, not verified")
            : clause.Documents.Count > 0 ? (ClauseAnswer.Met, "set out in this report")
            : (ClauseAnswer.NotAssessed, "none of the checks was asked for");
        string[] notes =
        [
            note,
            .. evidence.Length > 0 && missing.Length > 0 ? [$"not in this audit: {string.Join(", ", missing)}"] : Array.Empty<string>(),
            .. evidence.Length > 0 && empty.Length > 0 ? [$"not provided: {string.Join(", ", empty)}"] : Array.Empty<string>(),
        ];
        return new ClauseStatus
        {
            Framework = framework,
            Reference = clause.Reference,
            Title = clause.Title,
            Answer = answer,
            Note = string.Join("; ", notes),
            Checks = [.. evidence.Select(section => section.Check)],
            Parts = clause.Documents,
            Provider = [.. clause.Provider.Where(stated.ContainsKey).Select(field => new Fact(field, stated[field]))],
        };
    }

    private static (ClauseAnswer Answer, string Note) ByGates(Section[] evidence)
    {
        string[] blocked = [.. evidence.Where(section => Verdict.Of([section]) is not (GateOutcome.Pass or GateOutcome.NotGated)).Select(section => section.Check)];
        return blocked.Length > 0 ? (ClauseAnswer.NotMet, $"not every gate passed: {string.Join(", ", blocked)}")
            : evidence.Any(section => Verdict.Of([section]) is GateOutcome.Pass) ? (ClauseAnswer.Met, "every gate passed")
            : (ClauseAnswer.NotAssessed, "measured, but the spec sets no threshold to judge by");
    }

    private static (ClauseAnswer Answer, string Note) ByRule(string rule, IReadOnlyList<Section> sections)
    {
        GateOutcome verdict = Verdict.Of([.. sections]);
        return rule switch
        {
            "thresholds" => sections.Any(section => section.Findings.Any(finding => finding.Threshold is not null))
                ? (ClauseAnswer.Met, "the thresholds of the spec")
                : (ClauseAnswer.NotMet, "the spec sets no threshold"),
            "finished" => sections.All(section => section.Error is null)
                ? (ClauseAnswer.Met, "every check of the spec finished")
                : (ClauseAnswer.NotMet, $"did not finish: {string.Join(", ", sections.Where(section => section.Error is not null).Select(section => section.Check))}"),
            "verdict" => verdict switch
            {
                GateOutcome.Pass => (ClauseAnswer.Met, "the verdict is pass"),
                GateOutcome.NotGated => (ClauseAnswer.NotAssessed, "the spec sets no threshold"),
                _ => (ClauseAnswer.NotMet, "the verdict is not pass"),
            },
            _ => throw new InvalidOperationException($"clauses.json has the unknown rule '{rule}'."),
        };
    }
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

    /// <summary>The other parts of this report that are evidence: <c>model</c>, <c>data</c>, <c>protocol</c>, <c>findings</c>, <c>limits</c>, <c>provenance</c>.</summary>
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
