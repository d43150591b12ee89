using System.Text;
using AuditKit.Results;

namespace AuditKit.Reports.GitHub;

/// <summary>
/// The report for a CI job's page: Markdown with the verdict, what blocks, and what passed folded away. GitHub takes up
/// to 1 MiB of it from the file that <c>$GITHUB_STEP_SUMMARY</c> names.
/// </summary>
public sealed class StepSummary : IReport
{
    // Below 1 MiB, so that a few audits in one job fit.
    private const int MostBytes = 200_000;

    /// <inheritdoc/>
    public string FileName => "summary.md";

    /// <inheritdoc/>
    public void Write(AuditResult result, Stream destination)
    {
        using var text = new StreamWriter(destination, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        text.WriteLine($"## {Outcomes.Symbol(result.Verdict)} {Escape(result.Name)}: {Outcomes.Word(result.Verdict)}");
        text.WriteLine();
        text.WriteLine($"{Outcomes.Meaning(result.Verdict)} {Outcomes.Tally(result)}.");
        text.WriteLine();
        foreach (Section broken in result.Sections.Where(section => section.Error is not null))
        {
            text.WriteLine($"**{Escape(broken.Check)} did not finish**: {Escape(broken.Error!)}");
            text.WriteLine();
        }

        Finding[] gated = [.. result.Findings.Where(finding => finding.Outcome is not GateOutcome.NotGated)];
        Finding[] passed = [.. gated.Where(finding => finding.Outcome is GateOutcome.Pass)];
        int room = MostBytes;
        Table(text, [.. Outcomes.BlockingFirst(gated.Except(passed))], ref room);
        if (passed.Length > 0)
        {
            text.WriteLine($"<details><summary>{passed.Length} passed</summary>");
            text.WriteLine();
            Table(text, passed, ref room);
            text.WriteLine("</details>");
            text.WriteLine();
        }
    }

    /// <summary>Appends a folder's summary to the page of the CI job that this process runs in, if it runs in one.</summary>
    /// <exception cref="AuditException">The job's file cannot be written.</exception>
    public static void Append(string folder)
    {
        if (Environment.GetEnvironmentVariable("GITHUB_STEP_SUMMARY") is not { Length: > 0 } page)
        {
            return;
        }

        try
        {
            File.AppendAllText(page, File.ReadAllText(Path.Combine(folder, new StepSummary().FileName)) + "\n");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditException($"Cannot write {page}, which $GITHUB_STEP_SUMMARY names: {e.Message}", ExitCode.Error, e);
        }
    }

    private static void Table(StreamWriter text, Finding[] findings, ref int room)
    {
        if (findings.Length == 0)
        {
            return;
        }

        text.WriteLine("| | Figure | Estimate | Interval | n | Demanded | Outcome |");
        text.WriteLine("|---|---|---:|---|---:|---|---|");
        for (int i = 0; i < findings.Length; i++)
        {
            string row = Row(findings[i]);
            room -= Encoding.UTF8.GetByteCount(row) + 1;
            if (room < 0)
            {
                text.WriteLine();
                text.WriteLine($"{findings.Length - i} more in the report.");
                break;
            }

            text.WriteLine(row);
        }

        text.WriteLine();
    }

    private static string Row(Finding finding)
        => $"| {Outcomes.Symbol(finding.Outcome)} | {Escape(finding.Id)} | {Figures.Estimate(finding)} | {Figures.Interval(finding)} "
            + $"| {NumberText.Count(finding.Count)} | {Figures.Threshold(finding)} | {Outcomes.Word(finding.Outcome)}: {Escape(finding.Reason)} |";

    // Entities: a backslash would not keep a bar from ending a table's cell everywhere.
    private static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (char letter in Markup.Legal(text).ReplaceLineEndings(" "))
        {
            if (@"\`*_[]<>&|~#@:".Contains(letter))
            {
                escaped.Append("&#").Append((int)letter).Append(';');
            }
            else
            {
                escaped.Append(letter);
            }
        }

        return escaped.ToString();
    }
}
