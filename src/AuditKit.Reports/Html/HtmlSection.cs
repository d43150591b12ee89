using AuditKit.Imaging;
using AuditKit.Reports.Charts;
using AuditKit.Results;

namespace AuditKit.Reports.Html;

/// <summary>One check's part of the page.</summary>
internal sealed class HtmlSection(Markup html, string id)
{
    private const int ReadableWidth = 112;

    /// <summary>Summary, findings, charts, tables, examples, method.</summary>
    public void Write(Section section)
    {
        if (section.Error is { } error)
        {
            Failure(html, $"This check did not finish: {error}");
        }

        html.Text("p", section.Summary);
        if (section.Findings.Count > 0)
        {
            FindingTable.Write(html, section.Findings, "Figures", withCheck: false);
        }

        for (int i = 0; i < section.Charts.Count; i++)
        {
            Chart(section.Charts[i], $"{id}-chart-{i + 1}");
        }

        foreach (Table table in section.Tables)
        {
            Table(table);
        }

        if (section.Examples.Count > 0)
        {
            html.Text("h3", "Examples");
        }

        foreach (Example example in section.Examples)
        {
            Example(example);
        }

        if (section.Method.Count > 0)
        {
            html.Text("h3", "Method");
        }

        foreach (string paragraph in section.Method)
        {
            html.Text("p", paragraph, ("class", "method-text"));
        }
    }

    /// <summary>A box that says what broke.</summary>
    public static void Failure(Markup html, string message) => html.Text("p", message, ("class", "failure"));

    private void Chart(Chart chart, string chartId)
    {
        html.Open("figure", ("class", "chart"));
        html.Text("figcaption", chart.Title);
        foreach ((string style, double width) in (ReadOnlySpan<(string, double)>)[("wide", SvgChart.Wide), ("narrow", SvgChart.Narrow)])
        {
            html.Open("div", ("class", style));
            html.Raw(SvgChart.Draw(chart, width, $"{chartId}-{style}"));
            html.Close("div");
        }

        html.Raw("</figure>\n");
    }

    private void Table(Table table)
    {
        html.Open("div", ("class", "scroll"), ("role", "region"), ("aria-label", table.Title), ("tabindex", 0));
        html.Open("table");
        html.Text("caption", table.Title);
        html.Raw("<thead><tr>");
        bool[] figures = Figures.Columns(table);
        for (int i = 0; i < table.Columns.Count; i++)
        {
            html.Text("th", table.Columns[i], ("scope", "col"), ("class", figures[i] ? "figure" : ""));
        }

        html.Raw("</tr></thead><tbody>");
        foreach (IReadOnlyList<string> row in table.Rows)
        {
            html.Open("tr");
            html.Text("th", row[0], ("scope", "row"));
            for (int i = 1; i < row.Count; i++)
            {
                html.Text("td", row[i], ("class", figures[i] ? "figure" : ""));
            }

            html.Close("tr");
        }

        html.Raw("</tbody></table></div>\n");
    }

    private void Example(Example example)
    {
        html.Open("figure", ("class", "example"));
        html.Text("figcaption", example.Caption);
        html.Open("div", ("class", "panels"));
        foreach (ExamplePanel panel in example.Panels)
        {
            Image image = panel.Image;
            int factor = image.FactorTo(ReadableWidth);
            html.Open("figure");
            html.Element("img", ("src", "data:image/png;base64," + Convert.ToBase64String(Png.Encode(image))), ("alt", panel.Label),
                ("width", image.Width * factor), ("height", image.Height * factor), ("class", factor > 1 ? "pixels" : ""));
            html.Text("figcaption", panel.Label);
            html.Close("figure");
        }

        html.Raw("</div></figure>\n");
    }
}
