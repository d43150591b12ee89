using System.CommandLine;
using AuditKit.Evidence;
using AuditKit.Reports.Export;

namespace AuditKit.Cli;

/// <summary><c>auditkit export RUN</c>: the outcomes as CSV, for pandas and the like.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var run = new Argument<string>("run") { Description = "A run's folder." };
        var output = new Option<string?>("--out") { Description = "Where the tables go. Default: the run's folder.", HelpName = "DIR" };
        var command = new Command("export", $"Writes every outcome of a run as CSV: {OutcomeTables.PredictionsFile} and "
            + $"{OutcomeTables.AttacksFile}, a row an image and condition.") { run, output };
        command.SetAction(parsed =>
        {
            string folder = parsed.GetRequiredValue(run);
            using EvidenceStore evidence = RunFolder.OpenEvidence(folder);
            foreach (string file in OutcomeTables.Save(evidence, parsed.GetValue(output) ?? folder))
            {
                Console.WriteLine(file);
            }

            return (int)ExitCode.Pass;
        });
        return command;
    }
}
