using System.Text.Encodings.Web;
using System.Text.Json;
using AuditKit.Gates;
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

    private const string SchemaResource = "AuditKit.Reports.Json.report.schema.json";

    /// <inheritdoc/>
    public string FileName => "report.json";

    /// <summary>The JSON Schema (2020-12) that every report obeys.</summary>
    public static string Schema
    {
        get
        {
            using Stream stream = typeof(JsonReport).Assembly.GetManifestResourceStream(SchemaResource)!;
            return new StreamReader(stream).ReadToEnd();
        }
    }

    /// <inheritdoc/>
    public void Write(AuditResult result, Stream destination)
    {
        // The file is never pasted into a page, so letters of all scripts may stay readable.
        var options = new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var json = new Utf8JsonWriter(destination, options))
        {
            new Document(json).Write(result);
        }

        destination.WriteByte((byte)'\n');
    }

    private readonly struct Document(Utf8JsonWriter json)
    {
        public void Write(AuditResult result)
        {
            json.WriteStartObject();
            json.WriteNumber("schemaVersion", SchemaVersion);
            json.WriteString("name", result.Name);
            json.WriteString("verdict", Name(result.Verdict));
            Facts("provider", result.Provider);
            Facts("model", result.Model);
            Facts("data", result.Data);
            Facts("protocol", result.Protocol);
            Objects("sections", result.Sections, Section);
            Texts("limits", result.Limits);
            Facts("provenance", result.Provenance);
            json.WriteString("spec", result.Spec);
            json.WriteEndObject();
        }

        private void Section(Section section)
        {
            json.WriteString("check", section.Check);
            json.WriteString("title", section.Title);
            json.WriteString("summary", section.Summary);
            Texts("method", section.Method);
            json.WriteString("error", section.Error);
            Objects("findings", section.Findings, Finding);
            Objects("charts", section.Charts, Chart);
            Objects("tables", section.Tables, Table);
            Objects("examples", section.Examples, Example);
        }

        private void Finding(Finding finding)
        {
            json.WriteString("id", finding.Id);
            json.WriteString("check", finding.Check);
            json.WriteString("metric", finding.Metric);
            json.WriteString("subject", finding.Subject);
            json.WriteBoolean("isProportion", finding.IsProportion);
            json.WritePropertyName("estimate");
            Number(finding.Estimate);
            json.WritePropertyName("interval");
            Interval(finding.Interval);
            json.WriteString("method", finding.Method);
            json.WriteNumber("count", finding.Count);
            if (finding.Threshold is { } threshold)
            {
                json.WriteStartObject("threshold");
                json.WriteString("kind", threshold.Kind is ThresholdKind.AtLeast ? "atLeast" : "atMost");
                json.WritePropertyName("value");
                Number(threshold.Value);
                json.WriteString("key", threshold.Key);
                json.WriteEndObject();
            }
            else
            {
                json.WriteNull("threshold");
            }

            json.WriteString("outcome", Name(finding.Outcome));
            json.WriteString("reason", finding.Reason);
        }

        private void Chart(Chart chart)
        {
            json.WriteString("title", chart.Title);
            json.WriteString("kind", chart.Kind is ChartKind.Line ? "line" : "bar");
            json.WriteString("xLabel", chart.XLabel);
            json.WriteString("yLabel", chart.YLabel);
            json.WriteBoolean("logX", chart.LogX);
            json.WriteBoolean("percent", chart.Percent);
            json.WritePropertyName("reference");
            Number(chart.Reference);
            Objects("series", chart.Series, Series);
        }

        private void Series(ChartSeries series)
        {
            json.WriteString("name", series.Name);
            Numbers("x", series.X);
            Texts("names", series.Names);
            Numbers("y", series.Y);
            json.WriteStartArray("intervals");
            foreach (Interval interval in series.Intervals)
            {
                Interval(interval);
            }

            json.WriteEndArray();
        }

        private void Table(Table table)
        {
            json.WriteString("title", table.Title);
            Texts("columns", table.Columns);
            json.WriteStartArray("rows");
            foreach (IReadOnlyList<string> row in table.Rows)
            {
                Texts(row);
            }

            json.WriteEndArray();
        }

        private void Example(Example example)
        {
            json.WriteString("caption", example.Caption);
            Texts("labels", example.Panels.Select(panel => panel.Label));
        }

        private void Fact(Fact fact)
        {
            json.WriteString("label", fact.Label);
            json.WriteString("value", fact.Value);
        }

        private void Facts(string name, IEnumerable<Fact> facts) => Objects(name, facts, Fact);

        private void Objects<T>(string name, IEnumerable<T> items, Action<T> write)
        {
            json.WriteStartArray(name);
            foreach (T item in items)
            {
                json.WriteStartObject();
                write(item);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        private void Texts(string name, IEnumerable<string> texts)
        {
            json.WritePropertyName(name);
            Texts(texts);
        }

        private void Texts(IEnumerable<string> texts)
        {
            json.WriteStartArray();
            foreach (string text in texts)
            {
                json.WriteStringValue(text);
            }

            json.WriteEndArray();
        }

        private void Numbers(string name, IEnumerable<double> numbers)
        {
            json.WriteStartArray(name);
            foreach (double number in numbers)
            {
                Number(number);
            }

            json.WriteEndArray();
        }

        private void Interval(Interval? interval)
        {
            if (interval is { } known)
            {
                json.WriteStartObject();
                json.WritePropertyName("lower");
                Number(known.Lower);
                json.WritePropertyName("upper");
                Number(known.Upper);
                json.WriteEndObject();
            }
            else
            {
                json.WriteNullValue();
            }
        }

        private void Number(double? number)
        {
            if (number is { } known && double.IsFinite(known))
            {
                json.WriteNumberValue(known);
            }
            else
            {
                json.WriteNullValue();
            }
        }

        private static string Name(GateOutcome outcome) => outcome switch
        {
            GateOutcome.NotGated => "notGated",
            GateOutcome.Pass => "pass",
            GateOutcome.Fail => "fail",
            GateOutcome.Inconclusive => "inconclusive",
            _ => "error",
        };
    }
}
