using AuditKit.Results;

namespace AuditKit.Reports.Outline;

/// <summary>The first page: what blocks and by how much, every gate at a glance, what would mend it, what was not assessed.</summary>
internal static class DecisionPart
{
    /// <summary>Lines on what blocks; the gravest, where there are more.</summary>
    private const int Most = 8;

    /// <summary>Characters of a reason: about a line.</summary>
    private const int ReasonLength = 100;

    /// <summary>The part.</summary>
    /// <param name="result">The result.</param>
    /// <param name="index">Where all figures are together; null where they are not.</param>
    public static Part Of(AuditResult result, PartLink? index) => new(PartLink.Decision, [.. Blocks(result, index)]);

    private static IEnumerable<Block> Blocks(AuditResult result, PartLink? index)
    {
        BlockingLine[] lines = [.. Broken(result), .. Gates(result)];
        if (lines.Length > 0)
        {
            yield return new Heading("What blocks, and by how much");
            yield return new BlockingList(lines.Length <= Most ? lines : [.. lines.Take(Most - 1), Rest(lines[(Most - 1)..])]);
        }

        GateRow[] rows = [.. GateRows.Of(result.Findings)];
        if (rows.Length > 0)
        {
            yield return new ForestPlot("Every gate: estimate and interval against its limit", rows);
        }
        else
        {
            yield return new Paragraph("The spec sets no threshold; all figures are in the parts below.");
        }

        // A comparison has no clauses, and no evidence of its own that a remedy could start from.
        if (result.Compliance is not null && result.Findings.Any(finding => finding.Outcome is GateOutcome.Fail))
        {
            yield return new Heading("What would mend it");
            yield return new CommandLine(
                "auditkit remedy RUN --out DIR",
                "retrains the model by the method that fits what failed, audits it again and compares; RUN is this report's folder.");
        }

        if (result.Findings.Any(finding => finding.Outcome is GateOutcome.Inconclusive && finding.Check != Doubt.Check))
        {
            yield return new Paragraph("What is inconclusive needs more images, which narrow its interval, or another limit.");
        }

        if (result.Compliance is { NotAssessed: { Count: > 0 } missing })
        {
            yield return new Heading("Not assessed");
            yield return new Paragraph($"This audit did not ask for: {string.Join("; ", missing)}.");
        }

        if (index is not null)
        {
            yield return new LinkBlock("All figures, to filter and sort, are under", index);
        }
    }

    private static IEnumerable<BlockingLine> Broken(AuditResult result)
        => result.Sections.Where(section => section.Error is not null)
            .Select(section => new BlockingLine(GateOutcome.Error, $"{section.Check} did not finish", section.Error!));

    // Groups that are inconclusive for one reason each are one line, not dozens.
    private static IEnumerable<BlockingLine> Gates(AuditResult result)
        => result.Findings.Where(finding => Outcomes.Blocks(finding.Outcome))
            .GroupBy(finding => (finding.Check, finding.Metric, finding.Outcome))
            .OrderBy(alike => alike.Key.Check == Doubt.Check ? -1 : Outcomes.Severity(alike.Key.Outcome))
            .SelectMany(alike => alike.Count() <= 3 ? alike.Select(Line) : [Line([.. alike.OrderBy(GateRows.Slack)])]);

    // By how much a failed gate misses; why an inconclusive one cannot tell, of which the whole stands in the check's part. A
    // doubt comes first and whole: it is about all other figures.
    private static BlockingLine Line(Finding finding) => finding.Check == Doubt.Check ? new(finding.Outcome, Name(finding), finding.Reason) : new(
        finding.Outcome, Name(finding), finding.Outcome is GateOutcome.Fail ? Measured(finding) : $"{Measured(finding)}: {Cut(finding.Reason)}");

    private static BlockingLine Line(Finding[] alike)
    {
        BlockingLine furthest = Line(alike[0]);
        return furthest with
        {
            Figure = $"{alike[0].Check}: {alike[0].Metric}, {NumberText.Count(alike.Length)} figures",
            Text = $"furthest off: {alike[0].Subject}: {furthest.Text}"
        };
    }

    private static BlockingLine Rest(BlockingLine[] rest)
        => new(rest[0].Outcome, $"{NumberText.Count(rest.Length)} more", "see the parts below");

    private static string Name(Finding finding)
        => $"{finding.Check}: {finding.Metric}{(finding.Subject.Length > 0 ? $", {finding.Subject}" : "")}";

    private static string Measured(Finding finding)
    {
        string distance = Figures.Distance(finding);
        return $"{Figures.Estimate(finding)}{(distance.Length > 0 ? $", {distance}" : "")}, demanded {Figures.Threshold(finding)}";
    }

    private static string Cut(string reason)
        => reason.Length <= ReasonLength ? reason : reason[..reason.LastIndexOf(' ', ReasonLength)].TrimEnd(',', ';') + " …";
}
