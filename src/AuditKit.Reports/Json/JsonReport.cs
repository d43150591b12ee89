using System.Text.Json;
using System.Text.Json.Nodes;
using AuditKit.Compliance;
using AuditKit.Reports.Outline;
using AuditKit.Results;
using AuditKit.Run;
using AuditKit.Statistics;

namespace AuditKit.Reports.Json;

/// <summary>
/// The report for programs. <c>report.schema.json</c> beside this file describes it; a change that breaks a
/// reader raises <see cref="SchemaVersion"/>. Numbers are shortest round-trip decimals; what is not finite is
/// null. Example images are left to the reports for people: only their captions and labels are here.
/// </summary>
public sealed class JsonReport : IReport
{
    /// <summary>The schema's version, raised by incompatible changes only.</summary>
    public const int SchemaVersion = 1;

    /// <inheritdoc/>
    public string FileName => "report.json";

    /// <summary>The JSON Schema (2020-12) that every report obeys.</summary>
    public static string Schema
    {
        get
        {
            using Stream stream = typeof(JsonReport).Assembly.GetManifestResourceStream("AuditKit.Reports.Json.report.schema.json")!;
            return new StreamReader(stream).ReadToEnd();
        }
    }

    /// <inheritdoc/>
    public void Write(AuditResult result, Stream destination) => IndentedJson.Write(Document(result), destination);

    private static JsonObject Document(AuditResult result) => new()
    {
        ["schemaVersion"] = SchemaVersion,
        ["name"] = result.Name,
        ["verdict"] = Name(result.Verdict),
        ["outline"] = Array(ReportOutline.Of(result, Medium.Paper).Parts, part => new JsonObject { ["id"] = part.Link.Id, ["title"] = part.Link.Title }),
        ["provider"] = Array(result.Provider, Fact),
        ["model"] = Array(result.Model, Fact),
        ["data"] = Array(result.Data, Fact),
        ["protocol"] = Array(result.Protocol, Fact),
        ["sections"] = Array(result.Sections, Section),
        ["compliance"] = result.Compliance is { } compliance ? Compliance(compliance) : null,
        ["limits"] = Array(result.Limits),
        ["provenance"] = Array(result.Provenance, Fact),
        ["spec"] = result.Spec,
    };

    private static JsonObject Fact(Fact fact) => new() { ["label"] = fact.Label, ["value"] = fact.Value };

    private static JsonObject Section(Section section) => new()
    {
        ["check"] = section.Check,
        ["title"] = section.Title,
        ["summary"] = section.Summary,
        ["method"] = Array(section.Method),
        ["error"] = section.Error,
        ["findings"] = Array(section.Findings, Finding),
        ["charts"] = Array(section.Charts, Chart),
        ["tables"] = Array(section.Tables, Table),
        ["examples"] = Array(section.Examples, Example),
    };

    private static JsonObject Finding(Finding finding) => new()
    {
        ["id"] = finding.Id,
        ["check"] = finding.Check,
        ["metric"] = finding.Metric,
        ["subject"] = finding.Subject,
        ["isProportion"] = finding.IsProportion,
        ["estimate"] = Number(finding.Estimate),
        ["interval"] = finding.Interval is { } interval ? Interval(interval) : null,
        ["method"] = finding.Method,
        ["count"] = finding.Count,
        ["threshold"] = finding.Threshold is { } threshold ? Threshold(threshold) : null,
        ["outcome"] = Name(finding.Outcome),
        ["reason"] = finding.Reason,
    };

    private static JsonObject Threshold(Threshold threshold) => new()
    {
        ["kind"] = threshold.Kind is ThresholdKind.AtLeast ? "atLeast" : "atMost",
        ["value"] = Number(threshold.Value),
        ["key"] = threshold.Key,
    };

    private static JsonObject Chart(Chart chart) => new()
    {
        ["title"] = chart.Title,
        ["kind"] = chart.Kind switch { ChartKind.Line => "line", ChartKind.Bar => "bar", _ => "heatMap" },
        ["xLabel"] = chart.XLabel,
        ["yLabel"] = chart.YLabel,
        ["logX"] = chart.LogX,
        ["percent"] = chart.Percent,
        ["reference"] = Number(chart.Reference),
        ["series"] = Array(chart.Series, Series),
    };

    private static JsonObject Series(ChartSeries series) => new()
    {
        ["name"] = series.Name,
        ["x"] = Array(series.X, x => Number(x)),
        ["names"] = Array(series.Names),
        ["y"] = Array(series.Y, y => Number(y)),
        ["intervals"] = Array(series.Intervals, Interval),
    };

    private static JsonObject Table(Table table) => new()
    {
        ["title"] = table.Title,
        ["columns"] = Array(table.Columns),
        ["rows"] = Array(table.Rows, Array),
    };

    private static JsonObject Example(Example example) => new()
    {
        ["caption"] = example.Caption,
        ["labels"] = Array(example.Panels, panel => JsonValue.Create(panel.Label)),
        ["facts"] = Array(example.Facts, Fact),
    };

    private static JsonObject Compliance(ComplianceMatrix compliance) => new()
    {
        ["clauses"] = Array(compliance.Clauses, clause => new JsonObject
        {
            ["framework"] = clause.Framework,
            ["reference"] = clause.Reference,
            ["title"] = clause.Title,
            ["answer"] = JsonNamingPolicy.CamelCase.ConvertName($"{clause.Answer}"),
            ["note"] = clause.Note,
            ["checks"] = Array(clause.Checks),
            ["parts"] = Array(clause.Parts),
            ["provider"] = Array(clause.Provider, Fact),
        }),
        ["notAssessed"] = Array(compliance.NotAssessed),
    };

    private static JsonObject Interval(Interval interval) => new() { ["lower"] = Number(interval.Lower), ["upper"] = Number(interval.Upper) };

    private static JsonArray Array(IReadOnlyList<string> texts) => Array(texts, text => JsonValue.Create(text));

    private static JsonArray Array<T>(IReadOnlyList<T> items, Func<T, JsonNode?> node) => [.. items.Select(node)];

    private static JsonValue? Number(double? number) => number is { } known && double.IsFinite(known) ? JsonValue.Create(known) : null;

    private static string Name(GateOutcome outcome) => outcome switch
    {
        GateOutcome.NotGated => "notGated",
        GateOutcome.Pass => "pass",
        GateOutcome.Fail => "fail",
        GateOutcome.Inconclusive => "inconclusive",
        _ => "error",
    };
}
