using System.Text.Json;
using System.Text.Json.Serialization;
using AuditKit.Reports.Outline;
using AuditKit.Results;

namespace AuditKit.Reports.Json;

/// <summary>Writes <c>report.json</c>: keys in the order in which the records have their members.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    Converters =
    [
        typeof(FiniteNumber), typeof(CamelCaseWord<GateOutcome>), typeof(CamelCaseWord<ThresholdKind>), typeof(CamelCaseWord<ChartKind>),
        typeof(CamelCaseWord<ClauseAnswer>),
    ])]
[JsonSerializable(typeof(ReportDocument))]
internal sealed partial class ReportJson : JsonSerializerContext;

/// <summary>The document: the result, less what only reports for people show.</summary>
internal sealed record ReportDocument(
    int SchemaVersion,
    string Name,
    GateOutcome Verdict,
    IReadOnlyList<PartLink> Outline,
    IReadOnlyList<Fact> Provider,
    IReadOnlyList<Fact> Model,
    IReadOnlyList<Fact> Data,
    IReadOnlyList<Fact> Protocol,
    IReadOnlyList<JsonSection> Sections,
    ComplianceMatrix? Compliance,
    IReadOnlyList<string> Limits,
    IReadOnlyList<Fact> Provenance,
    string Spec);

/// <summary>A section, whose examples have no images.</summary>
internal sealed record JsonSection(
    string Check,
    string Title,
    string Summary,
    IReadOnlyList<string> Method,
    string? Error,
    IReadOnlyList<Finding> Findings,
    IReadOnlyList<Chart> Charts,
    IReadOnlyList<Table> Tables,
    IReadOnlyList<JsonExample> Examples)
{
    public static JsonSection Of(Section section) => new(
        section.Check,
        section.Title,
        section.Summary,
        section.Method,
        section.Error,
        section.Findings,
        section.Charts,
        section.Tables,
        [.. section.Examples.Select(example => new JsonExample(example.Caption, [.. example.Panels.Select(panel => panel.Label)], example.Facts))]);
}

/// <summary>An example without its images.</summary>
internal sealed record JsonExample(string Caption, IReadOnlyList<string> Labels, IReadOnlyList<Fact> Facts);

/// <summary>JSON has no word for infinities and what is not a number: they are null.</summary>
internal sealed class FiniteNumber : JsonConverter<double>
{
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        if (double.IsFinite(value))
        {
            writer.WriteNumberValue(value);
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}

/// <summary>An enumeration's names as programs write them: <c>notGated</c>.</summary>
internal sealed class CamelCaseWord<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase)
    where T : struct, Enum;
