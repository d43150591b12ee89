using AuditKit.Checks;
using AuditKit.Results;

namespace AuditKit.Compliance;

/// <summary>Holds a report against the clauses of laws and standards.</summary>
public static class ComplianceAnalysis
{
    /// <summary>Holds sections and the provider's words against the clauses.</summary>
    /// <param name="sections">The report's sections.</param>
    /// <param name="provider">The provider's fields, empty ones too.</param>
    /// <param name="checks">The checks there are, those of the report among them.</param>
    public static ComplianceMatrix Of(IReadOnlyList<Section> sections, IReadOnlyList<Fact> provider, IReadOnlyList<CheckDescriptor> checks)
    {
        ClauseCatalog catalog = ClauseCatalog.Own;
        Dictionary<string, string> stated = provider.Where(fact => fact.Value.Length > 0).DistinctBy(fact => fact.Label)
            .ToDictionary(fact => fact.Label, fact => fact.Value);
        return new ComplianceMatrix
        {
            Clauses = [.. from framework in catalog.Frameworks from clause in framework.Clauses select StatusOf(framework, clause, sections, stated, checks)],
            NotAssessed =
            [
                .. checks.Where(check => !sections.Any(section => section.Check == check.Key)).Select(check => $"{check.Assesses} ({check.Key})"),
            ],
        };
    }

    private static ClauseStatus StatusOf(
        ClauseCatalog.Framework framework, ClauseCatalog.Entry clause, IReadOnlyList<Section> sections, Dictionary<string, string> stated,
            IReadOnlyList<CheckDescriptor> checks)
    {
        string[] answering = [.. checks.Where(check => check.Clauses.Contains($"{framework.Id} {clause.Reference}")).Select(check => check.Key)];
        Section[] evidence = [.. sections.Where(section => answering.Contains(section.Check) || clause.Sections.Contains(section.Check))];
        string[] missing = [.. answering.Where(check => !evidence.Any(section => section.Check == check))];
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
            Framework = framework.Name,
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
        string[] blocked = [.. evidence.Where(section => Verdict.Of([section]) is not (GateOutcome.Pass or GateOutcome.NotGated))
            .Select(section => section.Check)];
        return blocked.Length > 0 ? (ClauseAnswer.NotMet, $"not every gate passed: {string.Join(", ", blocked)}")
            : evidence.Any(section => Verdict.Of([section]) is GateOutcome.Pass) ? (ClauseAnswer.Met, "every gate passed")
            : (ClauseAnswer.NotAssessed, "measured, but the spec sets no threshold to judge by");
    }

    private static IEnumerable<string> Broken(IReadOnlyList<Section> sections) => sections.Where(section => section.Error is not null)
        .Select(section => section.Check);

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
                : (ClauseAnswer.NotMet, $"did not finish: {string.Join(", ", Broken(sections))}"),
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
