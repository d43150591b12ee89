using System.Text;
using System.Text.RegularExpressions;
using AuditKit.Results;
using AuditKit.Run;

namespace AuditKit.Reports.Html;

/// <summary>
/// The report for the screen: one file without scripts and without a request to anywhere, charts as SVG, example
/// images inside. Everything that comes from a spec, a model or a file name is escaped.
/// </summary>
public sealed partial class HtmlReport : IReport
{
    private const string Policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

    private static readonly string s_style = Style();

    /// <inheritdoc/>
    public string FileName => "report.html";

    /// <inheritdoc/>
    public void Write(AuditResult result, Stream destination)
        => destination.Write(Encoding.UTF8.GetBytes(Page(result)));

    private static string Page(AuditResult result)
    {
        var html = new Markup();
        html.Raw("<!DOCTYPE html>\n");
        html.Open("html", ("lang", "en"));
        html.Raw("<head><meta charset=\"utf-8\"/><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>");
        html.Element("meta", ("http-equiv", "Content-Security-Policy"), ("content", Policy));
        html.Text("title", $"{result.Name} – {Outcomes.Word(result.Verdict)}");
        html.Raw($"<style>\n{s_style}</style></head>\n<body>");
        Cover(html, result);
        html.Open("main");
        Part(html, "findings", "Findings", () => Overview(html, result));
        Part(html, "system", "System and model", () =>
        {
            html.Text("h3", "Provider and system");
            Facts(html, result.Provider);
            html.Text("h3", "Model");
            Facts(html, result.Model);
        });
        Part(html, "data", "Data", () => Facts(html, result.Data));
        Part(html, "protocol", "Protocol and thresholds", () => Facts(html, result.Protocol));
        for (int i = 0; i < result.Sections.Count; i++)
        {
            Section section = result.Sections[i];
            string id = CompliancePart.SectionId(i);
            Part(html, id, section.Title, () => new HtmlSection(html, id).Write(section));
        }

        if (result.Compliance is { } compliance)
        {
            Part(html, "compliance", CompliancePart.Title, () => ClauseTable.Write(html, result, compliance));
        }

        Part(html, "limits", "Limits", () => Limits(html, result));
        Part(html, "provenance", "Provenance", () =>
        {
            Facts(html, result.Provenance);
            html.Text("h3", "The spec as it was run");
            html.Text("pre", result.Spec.ReplaceLineEndings("\n"), ("tabindex", 0));
        });
        html.Raw("</main></body></html>\n");
        return html.ToString();
    }

    private static void Cover(Markup html, AuditResult result)
    {
        html.Open("header");
        html.Text("p", "Robustness audit of an image classifier", ("class", "kind"));
        html.Text("h1", result.Name);
        html.Open("div", ("class", $"verdict {Outcomes.Word(result.Verdict)}"));
        html.Open("p", ("class", "word"));
        html.Text("span", Outcomes.Symbol(result.Verdict), ("class", "symbol"), ("aria-hidden", "true"));
        html.Text("span", Outcomes.Word(result.Verdict));
        html.Close("p");
        html.Open("div");
        html.Text("p", Outcomes.Meaning(result.Verdict));
        html.Text("p", Outcomes.Tally(result), ("class", "tally"));
        html.Raw("</div></div></header>\n");
        html.Open("nav", ("aria-label", "Contents"));
        Link(html, "findings", "Findings");
        Link(html, "system", "System and model");
        Link(html, "data", "Data");
        Link(html, "protocol", "Protocol");
        for (int i = 0; i < result.Sections.Count; i++)
        {
            Link(html, CompliancePart.SectionId(i), result.Sections[i].Title);
        }

        if (result.Compliance is not null)
        {
            Link(html, "compliance", CompliancePart.Title);
        }

        Link(html, "limits", "Limits");
        Link(html, "provenance", "Provenance");
        html.Close("nav");
    }

    private static void Overview(Markup html, AuditResult result)
    {
        foreach (Section broken in result.Sections.Where(section => section.Error is not null))
        {
            HtmlSection.Failure(html, $"{broken.Check} did not finish: {broken.Error}");
        }

        Finding[] gated = [.. result.Findings.Where(finding => finding.Outcome is not GateOutcome.NotGated)];
        if (gated.Length > 0)
        {
            html.Text("p", "Every figure that the spec sets a threshold for. The sections below have the figures that are only reported, too.");
            FindingTable.Write(html, gated, "Figures with a threshold", withCheck: true);
        }
        else
        {
            html.Text("p", "The spec sets no threshold; all figures are in the sections below.");
        }
    }

    private static void Limits(Markup html, AuditResult result)
    {
        html.Open("ul");
        foreach (string limit in result.Limits)
        {
            html.Text("li", limit);
        }

        html.Close("ul");
    }

    private static void Facts(Markup html, IReadOnlyList<Fact> facts)
    {
        html.Open("dl");
        foreach (Fact fact in facts)
        {
            html.Open("div");
            html.Text("dt", fact.Label);
            if (fact.Value.Length == 0)
            {
                html.Text("dd", "not provided", ("class", "missing"));
            }
            else
            {
                html.Open("dd");
                Value(html, fact.Value);
                html.Close("dd");
            }

            html.Close("div");
        }

        html.Close("dl");
    }

    // Digests are set in a face whose characters are compared easily.
    private static void Value(Markup html, string value)
    {
        int done = 0;
        foreach (ValueMatch digest in Digests().EnumerateMatches(value))
        {
            html.Text("span", value[done..digest.Index]);
            html.Text("code", value.Substring(digest.Index, digest.Length));
            done = digest.Index + digest.Length;
        }

        html.Text("span", value[done..]);
    }

    [GeneratedRegex(@"\b[0-9a-f]{32,}\b")]
    private static partial Regex Digests();

    private static void Part(Markup html, string id, string title, Action write)
    {
        html.Open("section", ("id", id));
        html.Text("h2", title);
        write();
        html.Raw("</section>\n");
    }

    private static void Link(Markup html, string id, string text) => html.Text("a", text, ("href", $"#{id}"));

    private static string Style()
    {
        using Stream stream = typeof(HtmlReport).Assembly.GetManifestResourceStream("AuditKit.Reports.Html.report.css")!;
        return new StreamReader(stream).ReadToEnd();
    }
}
