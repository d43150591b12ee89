using AuditKit.Reports;
using AuditKit.Reports.Attestation;
using AuditKit.Reports.GitHub;
using AuditKit.Results;
using Spectre.Console;
using Markup = Spectre.Console.Markup;

namespace AuditKit.Cli;

/// <summary>What a command that judges leaves behind: figures on the console, reports in a folder, an exit code.</summary>
internal static class Answer
{
    /// <summary>Up to so many passed findings of a kind are listed one by one; what blocks always is.</summary>
    private const int PassesListed = 8;

    /// <summary>Up to so many figures without a threshold are listed of each metric.</summary>
    private const int ReportedListed = 4;

    /// <summary>Prints the figures, writes every report, signs where there is a key, and says how the process ends.</summary>
    /// <exception cref="AuditException">A report cannot be written.</exception>
    public static ExitCode Give(AuditResult result, string folder, EcdsaKey? key)
    {
        PrintFindings(result);
        Console.WriteLine($"Verdict: {Outcomes.Word(result.Verdict)}");
        foreach (IReport report in ReportFolder.Formats)
        {
            Console.WriteLine($"Report:  {ReportFolder.Save(report, result, folder)}");
        }

        if (TestResultStatement.Save(result, folder, key) is { } statement)
        {
            Console.WriteLine($"Signed:  {statement}");
        }

        StepSummary.Append(folder);
        return Verdict.ToExitCode(result.Verdict);
    }

    private static void PrintFindings(AuditResult result)
    {
        var table = new Spectre.Console.Table { Border = Console.IsOutputRedirected ? TableBorder.Ascii : TableBorder.Rounded };
        table.AddColumns("Finding", "Estimate", "Interval", "n", "Demanded", "Outcome");
        foreach (Section section in result.Sections)
        {
            bool isGated = section.Findings.Any(finding => finding.Outcome is not GateOutcome.NotGated);
            foreach (var metric in section.Findings.GroupBy(finding => finding.Metric))
            {
                // What the spec judges is what its reader asked for; a check that it does not judge shows its main figures.
                Print(table, metric.Key, [.. metric.Where(finding => !isGated || finding.Outcome is not GateOutcome.NotGated)]);
            }
        }

        if (table.Rows.Count > 0)
        {
            Terminal.Out.Write(table);
        }

        foreach (Finding doubt in result.Findings.Where(finding => finding.Check == Doubt.Check))
        {
            Terminal.WriteLine(doubt.Reason, Color.Yellow);
        }

        foreach (Section section in result.Sections.Where(section => section.Error is not null))
        {
            Terminal.WriteLine($"{section.Check}: {section.Error}", Color.Red);
        }
    }

    private static void Print(Spectre.Console.Table table, string metric, Finding[] findings)
    {
        Finding[] passed = [.. findings.Where(finding => finding.Outcome is GateOutcome.Pass)];
        Finding[] reported = [.. findings.Where(finding => finding.Outcome is GateOutcome.NotGated)];
        Finding[] folded = [.. passed.Length > PassesListed ? passed : [], .. reported.Skip(ReportedListed)];
        foreach (Finding finding in findings.Except(folded))
        {
            table.AddRow(
                Markup.Escape(finding.Id),
                Figures.Estimate(finding),
                Figures.Interval(finding),
                NumberText.Count(finding.Count),
                Figures.Threshold(finding),
                Word(finding.Outcome));
        }

        if (folded.Length > 0)
        {
            string rest = folded.Length < findings.Length ? "others" : "findings";
            table.AddRow(
                Markup.Escape($"{folded[0].Check}/{metric}: {NumberText.Count(folded.Length)} {rest}, see the report"), "", "", "", "",
                    Word(folded[0].Outcome));
        }
    }

    /// <summary>An outcome in its colour.</summary>
    public static string Word(GateOutcome outcome) => $"[{outcome switch
    {
        GateOutcome.NotGated => "default",
        GateOutcome.Pass => "green",
        GateOutcome.Inconclusive => "yellow",
        _ => "red",
    }}]{Outcomes.Word(outcome)}[/]";
}
