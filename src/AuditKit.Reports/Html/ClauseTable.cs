using AuditKit.Compliance;
using AuditKit.Results;

namespace AuditKit.Reports.Html;

/// <summary>The compliance part: a table a framework, and what was not assessed.</summary>
internal static class ClauseTable
{
    private static readonly string[] s_headings = ["Clause", "Evidence", "Status"];

    /// <summary>Writes it.</summary>
    public static void Write(Markup html, AuditResult result, ComplianceMatrix compliance)
    {
        html.Text("p", CompliancePart.Introduction);
        foreach (IGrouping<string, ClauseStatus> framework in compliance.Clauses.GroupBy(clause => clause.Framework))
        {
            html.Open("table", ("class", "findings clauses"), ("role", "table"));
            html.Text("caption", framework.Key);
            html.Raw("<thead role=\"rowgroup\"><tr role=\"row\">");
            foreach (string heading in s_headings)
            {
                html.Text("th", heading, ("scope", "col"), ("role", "columnheader"));
            }

            html.Raw("</tr></thead><tbody role=\"rowgroup\">");
            foreach (ClauseStatus clause in framework)
            {
                Row(html, clause, result);
            }

            html.Raw("</tbody></table>\n");
        }

        html.Text("h3", "Not assessed in this audit");
        html.Open("ul");
        foreach (string check in compliance.NotAssessed.DefaultIfEmpty("Every check of this program was asked for."))
        {
            html.Text("li", check);
        }

        html.Close("ul");
    }

    private static void Row(Markup html, ClauseStatus clause, AuditResult result)
    {
        html.Open("tr", ("role", "row"), ("class", Style(clause.Answer)));
        html.Open("th", ("scope", "row"), ("role", "rowheader"));
        html.Text("span", clause.Reference, ("class", "metric"));
        html.Raw(" ");
        html.Text("span", clause.Title);
        html.Close("th");
        html.Open("td", ("role", "cell"), ("data-label", s_headings[1]));
        html.Open("div");
        foreach ((string id, string title) in CompliancePart.Evidence(clause, result))
        {
            html.Open("p");
            html.Text("a", title, ("href", $"#{id}"));
            html.Close("p");
        }

        foreach (Fact stated in clause.Provider)
        {
            html.Text("p", $"{stated.Label}: {stated.Value}");
        }

        html.Raw("</div></td>");
        html.Open("td", ("role", "cell"), ("data-label", s_headings[2]));
        html.Open("div");
        html.Open("span", ("class", $"outcome {Style(clause.Answer)}"));
        html.Text("span", Outcomes.Symbol(clause.Answer), ("class", "symbol"), ("aria-hidden", "true"));
        html.Text("span", Outcomes.Word(clause.Answer));
        html.Close("span");
        html.Text("p", clause.Note, ("class", "reason"));
        html.Raw("</div></td></tr>");
    }

    private static string Style(ClauseAnswer answer) => answer switch
    {
        ClauseAnswer.Met => "pass",
        ClauseAnswer.NotMet => "fail",
        ClauseAnswer.ToBeFilledIn => "inconclusive",
        _ => "reported",
    };
}
