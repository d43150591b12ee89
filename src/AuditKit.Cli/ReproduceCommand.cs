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
        var shard = new Option<string?>("--shard")
        {
            Description = "Measures some of the rows and seeds, while other processes measure the others into the same folder: 3/8, or auto/8 in a job array. "
                + "Without it the table is made of what they have finished.",
            HelpName = "K/N",
        };
        var finishedOnly = new Option<bool>("--finished")
        {
            Description = "Makes the table of what has been trained and trains nothing: where something is missing, it is named, and the exit code is 4.",
        };
        var command = new Command(
            "reproduce",
            "Trains every method of a published table with every seed, audits the models, and prints the table beside the published "
            + "figures. Goes on where it was stopped.")
        {
            table, output, SharedOptions.Device, SharedOptions.Threads, shard, finishedOnly,
        };
        command.SetAction((parsed, cancellation) =>
        {
            string name = parsed.GetRequiredValue(table);
            string folder = parsed.GetValue(output) ?? Path.Combine("runs", $"reproduce-{Path.GetFileNameWithoutExtension(name)}");
            var reproduction = Reproduction.Load(name);
            string file = Path.Combine(folder, "table.md");
            if (parsed.GetValue(finishedOnly) && reproduction.Unfinished(folder) is { Count: > 0 } missing)
            {
                throw new AuditException($"{missing.Count} of the table's trainings are missing in {folder}: {string.Join("; ", missing)}. "
                    + "Run the pieces that have them again.", ExitCode.Error);
            }

            Shard? piece = parsed.GetValue(shard) is { } text ? ShardOfJob.Parse(text, Environment.GetEnvironmentVariable) : null;
            IReadOnlyList<MeasuredRow> rows = ProgressDisplay.Show(progress => reproduction.Run(
                folder, Device.Parse(parsed.GetRequiredValue(SharedOptions.Device)), parsed.GetRequiredValue(SharedOptions.Threads), progress,
                finished =>
                {
                    if (piece is null)
                    {
                        AtomicFile.Write(file, ReproducedTable.ToMarkdown(reproduction, finished));
                    }
                },
                piece, cancellation));
            Console.WriteLine(piece is { } of
                ? rows.Count == 0 ? $"Nothing of the table falls to piece {of}: it has fewer methods and seeds than there are pieces."
                    : $"Piece {of} is measured: {WordList.Of([.. rows.Select(row => $"{row.Row.Name} (seed {string.Join(", ", row.Seeds)})")])}. When all pieces "
                    + $"have ended, the same command without --shard makes {file}."
                : $"{ReproducedTable.ToMarkdown(reproduction, rows)}\nTable: {file}");
            return Task.FromResult((int)ExitCode.Pass);
        });
        return command;
    }
}
