using System.CommandLine;
using AuditKit.Gates;
using AuditKit.Models;
using AuditKit.Reports;
using AuditKit.Reports.GitHub;
using AuditKit.Specs;
using AuditKit.Training;
using Spectre.Console;
using Markup = Spectre.Console.Markup;

namespace AuditKit.Cli;

/// <summary><c>auditkit run SPEC</c>: audits, writes the reports, answers with the verdict.</summary>
internal static class RunCommand
{
    /// <summary>Up to so many passed findings of a kind are listed one by one; what blocks always is.</summary>
    private const int PassesListed = 8;

    public static Command Create()
    {
        var spec = new Argument<string>("spec") { Description = "The audit's YAML file; audits/README.md explains the format." };
        var output = new Option<string?>("--out") { Description = "The run's folder. Default: runs/<name of the spec file>.", HelpName = "DIR" };
        var resume = new Option<bool>("--resume")
        {
            Description = "Goes on with the unfinished run in the same folder; --resume false starts over.",
            DefaultValueFactory = _ => true,
        };

        var command = new Command("run", "Audits a model by a spec, writes the report and answers with an exit code.")
        {
            spec, SharedOptions.Set, output, SharedOptions.Device, SharedOptions.Threads, resume,
        };
        command.SetAction((parsed, cancellation) => Task.FromResult((int)Run(
            AuditSpec.Load(parsed.GetRequiredValue(spec), parsed.GetRequiredValue(SharedOptions.Set)),
            new AuditOptions
            {
                Folder = parsed.GetValue(output) ?? Path.Combine("runs", Path.GetFileNameWithoutExtension(parsed.GetRequiredValue(spec))),
                Device = parsed.GetRequiredValue(SharedOptions.Device),
                Threads = parsed.GetRequiredValue(SharedOptions.Threads),
                Resume = parsed.GetValue(resume),
            },
            cancellation)));
        return command;
    }

    private static ExitCode Run(AuditSpec spec, AuditOptions options, CancellationToken cancellation)
    {
        var models = new ModelFiles(Device.Parse(options.Device), options.Threads);
        AuditResult result = ProgressDisplay.Show(progress => Audit.Run(spec, models, options, progress, cancellation));
        PrintFindings(result);
        Console.WriteLine($"Verdict: {Outcomes.Word(result.Verdict)}");
        foreach (IReport report in ReportFolder.Formats)
        {
            Console.WriteLine($"Report:  {ReportFolder.Save(report, result, options.Folder)}");
        }

        StepSummary.Append(options.Folder);

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
