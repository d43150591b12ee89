using System.Text;
using AuditKit.Reports.Outline;
using AuditKit.Results;

namespace AuditKit.Reports.Html;

/// <summary>
/// The report for the screen: one file without a request to anywhere, charts as SVG, images inside. It reads without
/// scripts; the one that is allowed, by its digest, filters and sorts. Everything that comes from a spec, a model or a
/// file name is escaped.
/// </summary>
public sealed class HtmlReport : IReport
{
    /// <inheritdoc/>
    public string FileName => "report.html";

    /// <inheritdoc/>
    public void Write(AuditResult result, Stream destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        destination.Write(Encoding.UTF8.GetBytes(Page(result)));
    }

    private static string Page(AuditResult result)
    {
        ReportOutline outline = ReportOutline.Of(result, Medium.Screen);
        return HtmlPage.Write($"{result.Name} – {Outcomes.Word(result.Verdict)}", "report", new()
        {
            ["kind"] = ReportOutline.Kind,
            ["name"] = HtmlPage.Text(result.Name),
            ["verdict"] = HtmlBlock.Outcome(result.Verdict),
            ["meaning"] = Outcomes.Meaning(result.Verdict),
            ["tally"] = Outcomes.Tally(result),
            ["parts"] = outline.Parts.Select(part => new Dictionary<string, object>
            {
                ["id"] = part.Link.Id,
                ["title"] = HtmlPage.Text(part.Link.Title),
                ["blocks"] = part.Blocks.Select((block, i) => HtmlBlock.Render(block, $"{part.Link.Id}-{i + 1}")).ToArray(),
            }).ToArray(),
        });
    }
}
