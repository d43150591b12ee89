using System.Text.Json.Nodes;
using AuditKit.Compliance;
using AuditKit.Imaging;
using AuditKit.Reports.Charts;
using AuditKit.Results;
using AuditKit.Run;

namespace AuditKit.Reports.Pdf;

/// <summary>
/// What the template prints: texts, as people read them, in <c>content.json</c>; charts and example images as
/// files beside it. The template only sets what stands here.
/// </summary>
internal sealed class PdfContent
{
    // In units of SvgChart.Wide: what fits on a page below a heading and a caption.
    private const double ChartHeight = 900;
    // Viewers blur small images that they enlarge themselves.
    private const int ReadableWidth = 224;
    private const int MostColumns = 11;
    private const int CoverFacts = 2;

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
            ["name"] = Text(result.Name),
            ["verdict"] = Outcome(result.Verdict),
            ["meaning"] = Outcomes.Meaning(result.Verdict),
            ["tally"] = Outcomes.Tally(result),
            // What identifies the audit; the rest follows in its chapter.
            ["identity"] = new JsonArray(Identity("System", result.Provider), Identity("Model", result.Model), Identity("Data", result.Data)),
            ["gated"] = Array(Outcomes.BlockingFirst(result.Findings.Where(finding => finding.Outcome is not GateOutcome.NotGated)), Finding),
            ["provider"] = Array(result.Provider, Fact),
            ["model"] = Array(result.Model, Fact),
            ["data"] = Array(result.Data, Fact),
            ["protocol"] = Array(result.Protocol, Fact),
            ["sections"] = Array(result.Sections, Section),
            ["compliance"] = result.Compliance is { } compliance ? Compliance(compliance, result) : null,
            ["limits"] = Texts(result.Limits),
            ["provenance"] = Array(result.Provenance, Fact),
            ["spec"] = Text(result.Spec),
        };
        content["fonts"] = Texts(_fonts.FamiliesFor(_printable.Kana, _printable.Hangul));
        content["replaced"] = _printable.Replaced;
        File.WriteAllText(Path.Combine(_folder, "content.json"), content.ToJsonString());
    }

    private JsonObject Identity(string title, IReadOnlyList<Fact> facts) => new() { ["title"] = title, ["facts"] = Array(facts.Take(CoverFacts), Fact) };

    private JsonObject Fact(Fact fact) => new() { ["label"] = Text(fact.Label), ["value"] = Text(fact.Value) };

    private JsonObject Section(Section section) => new()
    {
        ["check"] = Text(section.Check),
        ["title"] = Text(section.Title),
        ["summary"] = Text(section.Summary),
        ["error"] = section.Error is { } error ? Text(error) : null,
        ["findings"] = Array(section.Findings, Finding),
        ["charts"] = Array(section.Charts, Chart),
        ["tables"] = Array(section.Tables.SelectMany(Split), Table),
        ["examples"] = Array(section.Examples, Example),
        ["method"] = Texts(section.Method),
    };

    private JsonObject Compliance(ComplianceMatrix compliance, AuditResult result) => new()
    {
        ["title"] = CompliancePart.Title,
        ["introduction"] = Text(CompliancePart.Introduction),
        ["frameworks"] = Array(compliance.Clauses.GroupBy(clause => clause.Framework), framework => new JsonObject
        {
            ["name"] = Text(framework.Key),
            ["clauses"] = Array(framework, clause => new JsonObject
            {
                ["reference"] = Text(clause.Reference),
                ["title"] = Text(clause.Title),
                ["evidence"] = Array(CompliancePart.Evidence(clause, result), part => new JsonObject { ["id"] = part.Id, ["title"] = Text(part.Title) }),
                ["provider"] = Array(clause.Provider, Fact),
                ["symbol"] = Text(Outcomes.Symbol(clause.Answer)),
                ["word"] = Outcomes.Word(clause.Answer),
                ["note"] = Text(clause.Note),
            }),
        }),
        ["notAssessed"] = Texts(compliance.NotAssessed),
    };

    private JsonObject Finding(Finding finding) => new()
    {
        ["check"] = Text(finding.Check),
        ["metric"] = Text(finding.Metric),
        ["subject"] = Text(finding.Subject),
        ["reason"] = Text(finding.Reason),
        ["estimate"] = Text(Figures.Estimate(finding)),
        ["interval"] = Text(Figures.Interval(finding)),
        ["method"] = Text(finding.Method),
        ["n"] = Text(Figures.Count(finding.Count)),
        ["threshold"] = Text(Figures.Threshold(finding)),
        ["outcome"] = Outcome(finding.Outcome),
    };

    private JsonObject Outcome(GateOutcome outcome) => new() { ["word"] = Outcomes.Word(outcome), ["symbol"] = Text(Outcomes.Symbol(outcome)) };

    private JsonObject Chart(Chart chart)
    {
        Chart printable = chart with
        {
            Title = Text(chart.Title),
            XLabel = Text(chart.XLabel),
            YLabel = Text(chart.YLabel),
            Series = [.. chart.Series.Select(series => series with { Name = Text(series.Name), Names = [.. series.Names.Select(Text)] })],
        };
        return new JsonObject
        {
            ["title"] = printable.Title,
            ["words"] = ChartWords.Describe(printable),
            ["files"] = Array(SvgChart.Draw(printable, SvgChart.Wide, "chart", ChartHeight), svg => JsonValue.Create(Save($"chart-{++_charts}.svg", svg))),
        };
    }

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

    private static JsonArray Array<T>(IEnumerable<T> items, Func<T, JsonNode?> node) => [.. items.Select(node)];
}
