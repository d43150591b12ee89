using AuditKit.Compliance;
using AuditKit.Results;
using AuditKit.Run;

namespace AuditKit.Reports;

/// <summary>What the compliance part says to people, the same on screen and on paper.</summary>
internal static class CompliancePart
{
    /// <summary>The heading.</summary>
    public const string Title = "Compliance";

    /// <summary>How to read the table, and what it does not claim.</summary>
    public const string Introduction =
        "Which clauses of laws and standards this report has evidence for. “Met” says that every gate on the evidence passed, or that the report sets out what is asked for; "
        + "“not met”, that a gate did not pass. Neither is a statement of conformity: whether thresholds, data and measures suffice is for the provider and the authorities to judge. "
        + "Titles are short paraphrases; the standards' own text is binding.";

    /// <summary>Where the evidence to a clause stands: a part's id and its title.</summary>
    public static IEnumerable<(string Id, string Title)> Evidence(ClauseStatus clause, AuditResult result)
        => result.Sections.Index().Where(section => clause.Checks.Contains(section.Item.Check))
            .Select(section => (SectionId(section.Index), section.Item.Title))
            .Concat(clause.Parts.Select(part => (part == "model" ? "system" : part, part switch
            {
                "model" => "System and model",
                "data" => "Data",
                "protocol" => "Protocol and thresholds",
                "findings" => "Findings",
                "limits" => "Limits",
                _ => "Provenance",
            })));

    /// <summary>The id of a check's part.</summary>
    public static string SectionId(int index) => $"check-{index + 1}";
}
