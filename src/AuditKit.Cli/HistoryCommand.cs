using System.CommandLine;
using AuditKit.Reports;
using AuditKit.Reports.History;
using AuditKit.Results;
using Spectre.Console;
using Markup = Spectre.Console.Markup;

namespace AuditKit.Cli;

/// <summary><c>auditkit history RUN...</c>: each gate over runs of the same audit, printed and as a page.</summary>
internal static class HistoryCommand
{
    /// <summary>Runs that fit beside each other on a console: the newest. The page has all.</summary>
    private const int RunsPrinted = 5;

    public static Command Create()
    {
        var runs = new Argument<string[]>("runs") { Description = "Folders of finished runs: runs/*", Arity = ArgumentArity.OneOrMore };
        var output = new Option<string?>("--out") { Description = "An HTML page with all runs and a curve for every gate.", HelpName = "FILE.html" };
        var command = new Command(
            "history",
            "Shows each gate over runs of the same audit on the same data, oldest first by the time at which a run's evidence was last written; "
            + "where the evidence is not kept, its report.json. Runs are told apart by their model and spec.")
        {
            runs, output,
        };
        command.SetAction(parsed =>
        {
            IReadOnlyList<RunHistory> histories = RunHistory.Of(Read(parsed.GetRequiredValue(runs)));
            foreach (RunHistory history in histories)
            {
                Print(history);
            }

            if (parsed.GetValue(output) is { } page)
            {
                HistoryPage.Save(histories, page);
                Console.WriteLine($"Page: {page}");
            }

            return (int)ExitCode.Pass;
        });
        return command;
    }

    private static List<PastRun> Read(string[] folders)
    {
        var read = new List<PastRun>();
        var skipped = new List<string>();
        foreach (string folder in folders.SelectMany(Expanded))
        {
            try
            {
                read.Add(PastRun.Read(folder));
            }
            catch (AuditException e)
            {
                skipped.Add(e.Message);
            }
        }

        if (read.Count == 0)
        {
            throw new AuditException(
                $"None of the folders holds a finished run{string.Concat(skipped.Take(1).Select(first => $" ({first.TrimEnd('.')})"))}. "
                + "Name folders with a report.json, such as runs/fashion-mnist.");
        }

        skipped.ForEach(message => Console.Error.WriteLine($"auditkit: skipped: {message}"));
        return read;
    }

    // Not every shell expands runs/* itself.
    private static string[] Expanded(string folder)
        => folder.EndsWith('*') && Path.GetDirectoryName(folder) is { } parent && Directory.Exists(parent.Length == 0 ? "." : parent)
            ? [.. Directory.GetDirectories(parent.Length == 0 ? "." : parent, Path.GetFileName(folder)).Order(StringComparer.Ordinal)]
            : [folder];

    private static void Print(RunHistory history)
    {
        PastRun[] runs = [.. history.Runs.TakeLast(RunsPrinted)];
        Terminal.Out.WriteLine($"{history.Name}, on {history.Data}");
        var about = Table("Run", "Written (UTC)", "Folder", "Model", "Spec", "Verdict");
        int first = history.Runs.Count - runs.Length;
        foreach ((int i, PastRun run) in runs.Index())
        {
            about.AddRow($"{first + i + 1}", HistoryPage.Time(run), Markup.Escape(run.Folder), Markup.Escape(run.Model), run.Spec, Answer.Word(run.Verdict));
        }

        Terminal.Out.Write(about);
        var gates = Table(["Gate", .. runs.Select((_, i) => $"Run {first + i + 1}")]);
        int alwaysPassed = 0;
        foreach (var (id, findings) in history.Gates.Select(gate => (gate.Id, Shown: gate.Findings.TakeLast(runs.Length).ToArray())))
        {
            // Of a large audit, what passed in every run would bury the rest.
            if (history.Gates.Count > 20 && Array.TrueForAll(findings, finding => finding is null or { Outcome: GateOutcome.Pass }))
            {
                alwaysPassed++;
                continue;
            }

            gates.AddRow([Markup.Escape(id), .. findings
                .Select(finding => finding is null ? NumberText.None : $"{Figures.Estimate(finding)} {Answer.Word(finding.Outcome)}")]);
        }

        if (alwaysPassed > 0)
        {
            gates.AddRow($"{NumberText.Count(alwaysPassed)} others passed in all of these runs");
        }

        Terminal.Out.Write(gates);
    }

    private static Spectre.Console.Table Table(params string[] columns)
        => new Spectre.Console.Table { Border = Console.IsOutputRedirected ? TableBorder.Ascii : TableBorder.Rounded }.AddColumns(columns);
}
