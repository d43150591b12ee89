using System.Text.Json.Nodes;
using AuditKit.Imaging;
using AuditKit.Reports.Charts;
using AuditKit.Reports.Outline;
using AuditKit.Results;

namespace AuditKit.Reports.Pdf;

/// <summary>
/// The outline as the template reads it: texts, as people read them, in <c>content.json</c>; charts and images as files
/// beside it. Each block says its kind, and the template how that kind looks.
/// </summary>
internal sealed class PdfContent
{
    // In units of SvgChart.Paper: what fits on a page below a heading and a caption.
    private const double ChartHeight = 1000;
    // Viewers blur small images that they enlarge themselves.
    private const int ReadableWidth = 224;
    private const int MostColumns = 11;
    private const int IdentityFacts = 2;

    private readonly string _folder;
    private readonly Fonts _fonts;
    private readonly PrintableText _printable;
    private int _charts;
    private int _images;

    public PdfContent(string folder, Fonts fonts) => (_folder, _fonts, _printable) = (folder, fonts, new PrintableText(fonts));

    /// <summary>Writes everything into the folder.</summary>
    public void Write(AuditResult result)
    {
        var content = new JsonObject
        {
            ["document"] = ReportOutline.Kind,
            ["name"] = Text(result.Name),
            ["verdict"] = Outcome(result.Verdict),
            ["meaning"] = Outcomes.Meaning(result.Verdict),
            ["tally"] = Outcomes.Tally(result),
            // What identifies the audit; the rest follows in its part.
            ["identity"] = Array(
                [("System", result.Provider), ("Model", result.Model), ("Data", result.Data)],
                ((string Title, IReadOnlyList<Fact> Facts) group)
                    => new JsonObject { ["title"] = group.Title, ["facts"] = Array(Identity(group.Facts), Fact) }),
            ["parts"] = Array(ReportOutline.Of(result, Medium.Paper).Parts, part => new JsonObject
            {
                ["id"] = part.Link.Id,
                ["title"] = Text(part.Link.Title),
                ["blocks"] = Array(Paired(part.Blocks), pair => pair.Length == 1 ? Block(pair[0]) : Kind("abreast", ("blocks", Array(pair, SmallChart)))),
            }),
        };
        content["fonts"] = Texts(_fonts.FamiliesFor(_printable.Kana, _printable.Hangul));
        content["replaced"] = _printable.Replaced;
        File.WriteAllText(Path.Combine(_folder, "content.json"), content.ToJsonString());
    }

    private static IEnumerable<Fact> Identity(IReadOnlyList<Fact> facts) => facts.Where(fact => fact.Value.Length > 0).Take(IdentityFacts);

    // Two simple curves in a row stand beside each other.
    private static IEnumerable<Block[]> Paired(IReadOnlyList<Block> blocks)
    {
        static bool IsSimple(Block block) => block is ChartBlock { Chart: { Kind: ChartKind.Line, Series.Count: 1 } };

        for (int i = 0; i < blocks.Count; i++)
        {
            bool pair = i + 1 < blocks.Count && IsSimple(blocks[i]) && IsSimple(blocks[i + 1]);
            yield return pair ? [blocks[i], blocks[++i]] : [blocks[i]];
        }
    }

    private JsonObject SmallChart(Block block) => Chart(Printable(((ChartBlock)block).Chart), SvgChart.Narrow);

    private JsonObject Block(Block block) => block switch
    {
        Paragraph paragraph => Kind("paragraph", ("of", paragraph.Kind.ToString().ToLowerInvariant()), ("text", Text(paragraph.Text))),
        Heading heading => Kind("heading", ("text", Text(heading.Text))),
        FactList list => Kind("facts", ("facts", Array(list.Facts, Fact))),
        BulletList list => Kind("bullets", ("items", Texts(list.Items))),
        BlockingList list => Kind("blocking", ("lines", Array(list.Lines, line => new JsonObject
        {
            ["outcome"] = Outcome(line.Outcome),
            ["figure"] = Text(line.Figure),
            ["text"] = Text(line.Text),
        }))),
        ForestPlot forest => Forest(forest with { Rows = [.. forest.Rows.Select(row => row with { Finding = Printable(row.Finding) })] }),
        ChartBlock chart => Chart(Printable(chart.Chart), SvgChart.Paper),
        FindingList list => Kind("findings", ("caption", Text(list.Caption)), ("findings", Array(list.Findings, finding => Finding(finding, list.WithCheck)))),
        TableBlock table => Kind("tables", ("tables", Array(Split(table.Table), Table))),
        Gallery gallery => Kind("gallery", ("examples", Array(gallery.Pictures, picture => Example(picture.Example)))),
        ClauseList clauses => Kind("clauses", ("framework", Text(clauses.Framework)), ("rows", Array(clauses.Rows, Clause))),
        LinkBlock link => Kind("link", ("text", Text(link.Text)), ("target", Link(link.Target))),
        CommandLine command => Kind("command", ("command", Text(command.Command)), ("explanation", Text(command.Explanation))),
        SourceText source => Kind("source", ("text", Text(source.Text))),
        _ => throw new ArgumentOutOfRangeException(nameof(block), block.GetType().Name, "The template knows no block of this kind."),
    };

    private JsonObject Fact(Fact fact) => new() { ["label"] = Text(fact.Label), ["value"] = Text(fact.Value) };

    private JsonObject Finding(Finding finding, bool withCheck) => new()
    {
        ["metric"] = Text(withCheck ? $"{finding.Check}: {finding.Metric}" : finding.Metric),
        ["subject"] = Text(finding.Subject),
        ["reason"] = Text(finding.Reason),
        ["estimate"] = Text(Figures.Estimate(finding)),
        ["interval"] = Text(Figures.Interval(finding)),
        ["method"] = Text(finding.Method),
        ["n"] = Text(NumberText.Count(finding.Count)),
        ["threshold"] = Text(Figures.Threshold(finding)),
        ["outcome"] = Outcome(finding.Outcome),
    };

    private JsonObject Outcome(GateOutcome outcome) => new() { ["word"] = Outcomes.Word(outcome), ["symbol"] = Text(Outcomes.Symbol(outcome)) };

    private JsonObject Clause(ClauseRow row) => new()
    {
        ["reference"] = Text(row.Status.Reference),
        ["title"] = Text(row.Status.Title),
        ["evidence"] = Array(row.Evidence, Link),
        ["provider"] = Array(row.Status.Provider, Fact),
        ["symbol"] = Text(Outcomes.Symbol(row.Status.Answer)),
        ["word"] = Outcomes.Word(row.Status.Answer),
        ["style"] = Outcomes.Style(row.Status.Answer),
        ["note"] = Text(row.Status.Note),
    };

    private JsonObject Link(PartLink part) => new() { ["id"] = part.Id, ["title"] = Text(part.Title) };

    private JsonObject Forest(ForestPlot forest) => Kind("chart",
        ("title", forest.Title),
        ("words", ForestDrawing.Describe(forest)),
        ("isFigure", false),
        ("files", new JsonArray(Save($"chart-{++_charts}.svg", SvgChart.Draw(forest, SvgChart.Paper, "chart")))));

    private JsonObject Chart(Chart chart, double width) => Kind("chart",
        ("title", chart.Title),
        ("words", ChartWords.Describe(chart)),
        ("isFigure", true),
        ("files", Array(SvgChart.Draw(chart, width, "chart", ChartHeight), svg => JsonValue.Create(Save($"chart-{++_charts}.svg", svg)))));

    private Finding Printable(Finding finding) => finding with { Check = Text(finding.Check), Metric = Text(finding.Metric), Subject = Text(finding.Subject) };

    private Chart Printable(Chart chart) => chart with
    {
        Title = Text(chart.Title),
        XLabel = Text(chart.XLabel),
        YLabel = Text(chart.YLabel),
        Series = [.. chart.Series.Select(series => series with { Name = Text(series.Name), Names = [.. series.Names.Select(Text)] })],
    };

    private JsonObject Table(Table table) => new()
    {
        ["title"] = Text(table.Title),
        ["columns"] = Texts(table.Columns),
        ["figures"] = Array(Figures.Columns(table), isFigure => JsonValue.Create(isFigure)),
        ["rows"] = Array(table.Rows, row => Texts(row)),
    };

    private JsonObject Example(Example example) => new()
    {
        ["caption"] = Text(example.Caption),
        ["panels"] = Array(example.Panels, panel => new JsonObject { ["label"] = Text(panel.Label), ["file"] = Save(panel.Image) }),
    };

    // A table wider than the page goes on below, with its row headings again.
    private static IEnumerable<Table> Split(Table table)
        => table.Columns.Count <= MostColumns
            ? [table]
            : Enumerable.Range(1, table.Columns.Count - 1).Chunk(MostColumns - 1).Select(columns => table with
            {
                Columns = [table.Columns[0], .. columns.Select(column => table.Columns[column])],
                Rows = [.. table.Rows.Select(row => (IReadOnlyList<string>)[row[0], .. columns.Select(column => row[column])])],
            });

    private string Save(string name, string text)
    {
        File.WriteAllText(Path.Combine(_folder, name), text);
        return name;
    }

    private string Save(Image image)
    {
        string name = $"image-{++_images}.png";
        File.WriteAllBytes(Path.Combine(_folder, name), Png.Encode(image.EnlargedTo(ReadableWidth)));
        return name;
    }

    private string Text(string text) => _printable.Of(text);

    private JsonArray Texts(IEnumerable<string> texts) => Array(texts, text => JsonValue.Create(Text(text)));

    private static JsonObject Kind(string kind, params ReadOnlySpan<(string Name, JsonNode? Value)> values)
    {
        var block = new JsonObject { ["kind"] = kind };
        foreach ((string name, JsonNode? value) in values)
        {
            block[name] = value;
        }

        return block;
    }

    private static JsonArray Array<T>(IEnumerable<T> items, Func<T, JsonNode?> node) => [.. items.Select(node)];
}
