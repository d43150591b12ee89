using System.Globalization;
using AuditKit.Imaging;
using AuditKit.Reports.Charts;
using AuditKit.Reports.Outline;
using AuditKit.Results;

namespace AuditKit.Reports.Html;

/// <summary>How each kind of block looks on a page: its template, and what that prints.</summary>
internal static class HtmlBlock
{
    private const int ReadableWidth = 112;

    /// <summary>A block's markup.</summary>
    /// <param name="block">The block.</param>
    /// <param name="id">An id that nothing else on the page has.</param>
    public static string Render(Block block, string id) => block switch
    {
        Paragraph paragraph => Page("paragraph", ("kind", paragraph.Kind.ToString().ToLowerInvariant()), ("text", Text(paragraph.Text))),
        Heading heading => Page("heading", ("text", Text(heading.Text))),
        FactList list => Page("facts", ("facts", list.Facts.Select(FactValue.Of).ToArray())),
        BulletList list => Page("bullets", ("items", list.Items.Select(Text).ToArray())),
        BlockingList list => Page("blocking", ("lines", list.Lines.Select(Line).ToArray())),
        ForestPlot forest => Drawings(forest.Title, width => SvgChart.Draw(forest, width, $"{id}-{width}")),
        ChartBlock chart => Drawings(chart.Chart.Title, width => SvgChart.Draw(chart.Chart, width, $"{id}-{width}")),
        FindingList list => Page("findings", ("id", id), ("caption", Text(list.Caption)), ("isIndex", list.IsIndex),
            ("rows", list.Findings.Select((finding, i) => Row(finding, list.WithCheck, i)).ToArray()),
            ("checks", list.Findings.Select(finding => Text(finding.Check)).Distinct().ToArray()),
            ("outcomes", list.Findings.Select(finding => Outcomes.Word(finding.Outcome)).Distinct().ToArray())),
        TableBlock table => Table(table.Table),
        Gallery gallery => Gallery(gallery, id),
        ClauseList clauses => Page("clauses", ("framework", Text(clauses.Framework)), ("rows", clauses.Rows.Select(Clause).ToArray())),
        LinkBlock link => Page("link", ("text", Text(link.Text)), ("target", Link(link.Target))),
        CommandLine command => Page("command", ("command", Text(command.Command)), ("explanation", Text(command.Explanation))),
        SourceText source => Page("source", ("text", Text(source.Text))),
        _ => throw new ArgumentOutOfRangeException(nameof(block), block.GetType().Name, "No template is for this kind of block."),
    };

    /// <summary>An outcome: its word and its symbol.</summary>
    public static Dictionary<string, object> Outcome(GateOutcome outcome)
        => Values(("word", Outcomes.Word(outcome)), ("symbol", Outcomes.Symbol(outcome)), ("style", Outcomes.Word(outcome)));

    private static Dictionary<string, object> Line(BlockingLine line)
        => Values(("outcome", Outcome(line.Outcome)), ("figure", Text(line.Figure)), ("text", Text(line.Text)));

    private static Dictionary<string, object> Row(Finding finding, bool withCheck, int index) => Values(
        ("metric", Text(withCheck ? $"{finding.Check}: {finding.Metric}" : finding.Metric)),
        ("subject", Text(finding.Subject)),
        ("check", Text(finding.Check)),
        ("reason", Text(finding.Reason)),
        ("estimate", Figures.Estimate(finding)),
        ("interval", Figures.Interval(finding)),
        ("method", Text(finding.Method)),
        ("n", NumberText.Count(finding.Count)),
        ("threshold", Figures.Threshold(finding)),
        ("outcome", Outcome(finding.Outcome)),
        // Numbers to sort by; figures in per cent sort among themselves.
        ("index", index),
        ("sortEstimate", Sortable(finding.Estimate)),
        ("sortSlack", Sortable(double.IsFinite(GateRows.Slack(finding)) ? GateRows.Slack(finding) : null)),
        ("count", finding.Count),
        ("severity", Outcomes.Severity(finding.Outcome)));

    private static string Sortable(double? number) => number is { } value && double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : "";

    // A wide drawing would shrink on a phone until nobody can read it.
    private static string Drawings(string title, Func<double, string> draw)
        => Page("chart", ("title", Text(title)), ("wide", draw(SvgChart.Wide)), ("narrow", draw(SvgChart.Narrow)));

    private static string Table(Table table)
    {
        bool[] figures = Figures.Columns(table);
        Dictionary<string, object> Cell(string text, int column) => Values(("text", Text(text)), ("isFigure", figures[column]));
        return Page("table", ("title", Text(table.Title)), ("columns", table.Columns.Select(Cell).ToArray()),
            ("rows", table.Rows.Select(row => Values(("head", Text(row[0])), ("cells", row.Skip(1).Select((text, i) => Cell(text, i + 1)).ToArray())))
                .ToArray()));
    }

    private static string Gallery(Gallery gallery, string id) => Page("gallery",
        ("id", id),
        ("filters", gallery.Filters.Select((label, i) => Values(
            ("field", $"f{i}"),
            ("label", Text(label)),
            ("options", gallery.Pictures.SelectMany(picture => picture.Facts).Where(fact => fact.Label == label).Select(fact => Text(fact.Value))
                .Distinct().Order(StringComparer.Ordinal).ToArray()))).ToArray()),
        ("pictures", gallery.Pictures.Select(picture => Values(
            ("caption", Text(picture.Example.Caption)),
            ("fields", gallery.Filters.Index().Select(label => Values(
                ("name", $"f{label.Index}"),
                ("value", Text(picture.Facts.FirstOrDefault(fact => fact.Label == label.Item)?.Value ?? "")))).ToArray()),
            ("panels", picture.Example.Panels.Select(panel => Panel(picture.Example, panel)).ToArray()))).ToArray()));

    private static Dictionary<string, object> Panel(Example example, ExamplePanel panel)
    {
        int factor = panel.Image.FactorTo(ReadableWidth);
        return Values(("label", Text(panel.Label)), ("alternative", Text($"{example.Caption} {panel.Label}")),
            ("data", Convert.ToBase64String(Png.Encode(panel.Image))), ("width", panel.Image.Width * factor), ("height", panel.Image.Height * factor),
            ("isEnlarged", factor > 1));
    }

    private static Dictionary<string, object> Clause(ClauseRow row) => Values(
        ("reference", Text(row.Status.Reference)),
        ("title", Text(row.Status.Title)),
        ("evidence", row.Evidence.Select(Link).ToArray()),
        ("provider", row.Status.Provider.Select(fact => Text($"{fact.Label}: {fact.Value}")).ToArray()),
        ("answer", Values(("word", Outcomes.Word(row.Status.Answer)), ("symbol", Outcomes.Symbol(row.Status.Answer)),
            ("style", Outcomes.Style(row.Status.Answer)))),
        ("note", Text(row.Status.Note)));

    private static Dictionary<string, object> Link(PartLink part) => Values(("id", part.Id), ("title", Text(part.Title)));

    private static string Text(string text) => HtmlPage.Text(text);

    private static string Page(string template, params (string Name, object Value)[] values) => HtmlPage.Render(template, Values(values));

    private static Dictionary<string, object> Values(params (string Name, object Value)[] values)
        => values.ToDictionary(value => value.Name, value => value.Value);
}
