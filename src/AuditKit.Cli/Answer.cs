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

    /// <summary>Prints what is gated, writes every report, signs where there is a key, and says how the process ends.</summary>
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
        var gated = result.Findings.Where(finding => finding.Outcome != GateOutcome.NotGated);
        foreach (var findings in gated.GroupBy(finding => (finding.Check, finding.Metric)))
        {
            Finding[] passed = [.. findings.Where(finding => finding.Outcome == GateOutcome.Pass)];
            bool folded = passed.Length > PassesListed;
            foreach (Finding finding in folded ? findings.Except(passed) : findings)
            {
                table.AddRow(
                    Markup.Escape(finding.Id),
                    Figures.Estimate(finding),
                    Figures.Interval(finding),
                    $"{finding.Count}",
                    Figures.Threshold(finding),
                    $"[{Colour(finding.Outcome)}]{Outcomes.Word(finding.Outcome)}[/]");
            }

            if (folded)
            {
                string rest = passed.Length < findings.Count() ? "others" : "findings";
                table.AddRow(
                    Markup.Escape($"{findings.Key.Check}/{findings.Key.Metric}: {passed.Length} {rest}, see the report"),
                    "", "", "", "", $"[{Colour(GateOutcome.Pass)}]{Outcomes.Word(GateOutcome.Pass)}[/]");
            }
        }

        Terminal.Out.Write(table);
        foreach (Section section in result.Sections.Where(section => section.Error is not null))
        {
            Terminal.Out.MarkupLineInterpolated($"[red]{section.Check}: {section.Error}[/]");
        }
    }

    private static string Colour(GateOutcome outcome) => outcome switch
    {
        GateOutcome.Pass => "green",
        GateOutcome.Inconclusive => "yellow",
        _ => "red",
    };
}
