using AuditKit.Results;

namespace AuditKit.Reports.Html;

/// <summary>Findings as a table that turns into cards on a phone: what blocks first, long lists of the rest folded.</summary>
internal static class FindingTable
{
    /// <summary>Rows shown at once, unless more of them block.</summary>
    private const int Unfolded = 12;

    /// <summary>Writes the table: figure, estimate, interval, n, threshold, outcome, and the reason below each.</summary>
    public static void Write(Markup html, IReadOnlyCollection<Finding> findings, string caption, bool withCheck)
    {
        Finding[] ordered = [.. Outcomes.BlockingFirst(findings)];
        int shown = Math.Max(Unfolded, ordered.Count(finding => Outcomes.Blocks(finding.Outcome)));
        Table(html, ordered.Take(shown), caption, withCheck);
        if (ordered.Length > shown)
        {
            html.Open("details");
            html.Text("summary", $"{Figures.Count(ordered.Length - shown)} more, none of which blocks");
            Table(html, ordered.Skip(shown), $"{caption}, continued", withCheck);
            html.Raw("</details>\n");
        }
    }

    private static void Table(Markup html, IEnumerable<Finding> findings, string caption, bool withCheck)
    {
        // The roles keep it a table for screen readers where the style makes cards of the rows.
        html.Open("table", ("class", "findings"), ("role", "table"));
        html.Text("caption", caption);
        html.Raw("<thead role=\"rowgroup\"><tr role=\"row\">");
        foreach (string heading in (string[])["Figure", "Estimate", "Interval", "n", "Threshold", "Outcome"])
        {
            html.Text("th", heading, ("scope", "col"), ("role", "columnheader"));
        }

        html.Raw("</tr></thead><tbody role=\"rowgroup\">");
        foreach (Finding finding in findings)
        {
            Row(html, finding, withCheck);
        }

        html.Raw("</tbody></table>\n");
    }

    private static void Row(Markup html, Finding finding, bool withCheck)
    {
        string outcome = Outcomes.Word(finding.Outcome);
        html.Open("tr", ("role", "row"), ("class", outcome));
        html.Open("th", ("scope", "row"), ("role", "rowheader"));
        html.Text("span", withCheck ? $"{finding.Check}: {finding.Metric}" : finding.Metric, ("class", "metric"));
        if (finding.Subject.Length > 0)
        {
            html.Raw(" ");
            html.Text("span", finding.Subject, ("class", "subject"));
        }

        if (finding.Reason.Length > 0)
        {
            html.Text("p", finding.Reason, ("class", "reason"));
        }

        html.Close("th");
        Cell(html, "Estimate", Figures.Estimate(finding), "estimate");
        string interval = Figures.Interval(finding);
        html.Open("td", ("role", "cell"), ("data-label", "Interval"), ("class", Class(interval)));
        html.Text("span", interval);
        if (finding.Method.Length > 0)
        {
            html.Raw(" ");
            html.Text("span", finding.Method, ("class", "method"));
        }

        html.Close("td");
        Cell(html, "n", Figures.Count(finding.Count));
        Cell(html, "Threshold", Figures.Threshold(finding));
        html.Open("td", ("role", "cell"), ("data-label", "Outcome"));
        html.Open("span", ("class", $"outcome {outcome}"));
        html.Text("span", Outcomes.Symbol(finding.Outcome), ("class", "symbol"), ("aria-hidden", "true"));
        html.Text("span", outcome);
        html.Raw("</span></td></tr>");
    }

    private static void Cell(Markup html, string label, string text, string style = "")
        => html.Text("td", text, ("role", "cell"), ("data-label", label), ("class", $"{Class(text)} {style}".Trim()));

    private static string Class(string text) => text == Figures.None ? "none" : "";
}
