using AuditKit.Results;

namespace AuditKit.Reports.Outline;

/// <summary>Which clauses of laws and standards the report is evidence for.</summary>
internal static class CompliancePart
{
    private const string Introduction =
        "Which clauses of laws and standards this report has evidence for. “Met” says that every gate on the evidence passed, or that the "
        + "report sets out what is asked for; “not met”, that a gate did not pass. Neither is a statement of conformity: whether thresholds, data and "
        + "measures suffice is for the provider and the authorities to judge. Titles are short paraphrases; the standards' own text is binding.";

    /// <summary>The part.</summary>
    public static Part Of(ComplianceMatrix compliance, AuditResult result) => new(PartLink.Compliance,
    [
        new Paragraph(Introduction),
        .. compliance.Clauses.GroupBy(clause => clause.Framework)
            .Select(framework => new ClauseList(framework.Key, [.. framework.Select(clause => new ClauseRow(clause, [.. Evidence(clause, result)]))])),
    ]);

    private static IEnumerable<PartLink> Evidence(ClauseStatus clause, AuditResult result)
        => Enumerable.Range(0, result.Sections.Count).Where(i => clause.Checks.Contains(result.Sections[i].Check)).Select(i => PartLink.Check(result, i))
            .Concat(clause.Parts.Select(part => part switch
            {
                "model" => PartLink.System,
                "data" => PartLink.Data,
                "protocol" => PartLink.Protocol,
                "findings" => PartLink.Decision,
                "limits" => PartLink.Limits,
                _ => PartLink.Provenance,
            }));
}
