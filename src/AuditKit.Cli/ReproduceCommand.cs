using System.CommandLine;
using AuditKit.Models;
using AuditKit.Training.Remediation;

namespace AuditKit.Cli;

/// <summary><c>auditkit reproduce TABLE</c>: a published table, all its methods, measured again.</summary>
internal static class ReproduceCommand
{
    public static Command Create()
    {
        var table = new Argument<string>("table") { Description = $"A table of {Reproduction.Shipped} by its name, or a YAML file like those." };
        var output = new Option<string?>("--out")
        {
            Description = "Where models, audits and table.md go, which grows row by row. Default: runs/reproduce-<table>.",
            HelpName = "DIR",
        };
        var command = new Command(
            "reproduce",
            "Trains every method of a published table with every seed, audits the models, and prints the table beside the published "
            + "figures. Goes on where it was stopped.")
        {
            table, output, SharedOptions.Device, SharedOptions.Threads,
        };
        command.SetAction((parsed, cancellation) =>
        {
            string name = parsed.GetRequiredValue(table);
            string folder = parsed.GetValue(output) ?? Path.Combine("runs", $"reproduce-{Path.GetFileNameWithoutExtension(name)}");
            var reproduction = Reproduction.Load(name);
            string file = Path.Combine(folder, "table.md");
            IReadOnlyList<MeasuredRow> rows = ProgressDisplay.Show(progress => reproduction.Run(
                folder, Device.Parse(parsed.GetRequiredValue(SharedOptions.Device)), parsed.GetRequiredValue(SharedOptions.Threads), progress,
                finished => AtomicFile.Write(file, ReproducedTable.ToMarkdown(reproduction, finished)), cancellation));
            Console.WriteLine(ReproducedTable.ToMarkdown(reproduction, rows));
            Console.WriteLine($"Table: {file}");
            return Task.FromResult((int)ExitCode.Pass);
        });
        return command;
    }
}
