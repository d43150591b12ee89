using System.Globalization;
using AuditKit.Reports.Html;

namespace AuditKit.Reports.History;

/// <summary>The histories as one HTML page, without a request to anywhere.</summary>
public static class HistoryPage
{
    /// <summary>Writes the page.</summary>
    /// <exception cref="AuditException">The file cannot be written (<see cref="ExitCode.Error"/>).</exception>
    public static void Save(IReadOnlyList<RunHistory> histories, string path)
    {
        ArgumentNullException.ThrowIfNull(histories);
        AtomicFile.Write(path, Write(histories));
    }

    /// <summary>The page's text.</summary>
    internal static string Write(IReadOnlyList<RunHistory> histories) => HtmlPage.Write("Audits over time", "history", new()
    {
        ["histories"] = histories.Select((history, i) => History(history, $"history-{i + 1}")).ToArray(),
    });

    private static Dictionary<string, object> History(RunHistory history, string id) => new()
    {
        ["id"] = id,
        ["name"] = HtmlPage.Text(history.Name),
        ["data"] = HtmlPage.Text(history.Data),
        ["runs"] = history.Runs.Select((run, i) => new Dictionary<string, object>
        {
            ["number"] = i + 1,
            ["folder"] = HtmlPage.Text(run.Folder),
            ["written"] = Time(run),
            ["model"] = HtmlPage.Text(run.Model),
            ["spec"] = run.Spec,
            ["outcome"] = HtmlBlock.Outcome(run.Verdict),
        }).ToArray(),
        ["gates"] = history.Gates.Select(gate => new Dictionary<string, object>
        {
            ["id"] = HtmlPage.Text(gate.Id),
            ["trend"] = TrendDrawing.Draw(gate.Id, gate.Findings),
            ["cells"] = gate.Findings.Select(finding => finding is null
                ? new Dictionary<string, object> { ["estimate"] = NumberText.None, ["threshold"] = "", ["outcome"] = "" }
                : new Dictionary<string, object>
                {
                    ["estimate"] = Figures.Estimate(finding),
                    ["threshold"] = Figures.Threshold(finding),
                    ["outcome"] = HtmlBlock.Outcome(finding.Outcome)
                }).ToArray(),
        }).ToArray(),
    };

    /// <summary>When a run was written, in UTC.</summary>
    internal static string Time(PastRun run) => run.Written.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
