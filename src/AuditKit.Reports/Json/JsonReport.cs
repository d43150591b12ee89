using AuditKit.Reports.Outline;
using AuditKit.Results;

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
    public void Write(AuditResult result, Stream destination)
    {
        var document = new ReportDocument(
            SchemaVersion,
            result.Name,
            result.Verdict,
            [.. ReportOutline.Of(result, Medium.Paper).Parts.Select(part => part.Link)],
            result.Provider,
            result.Model,
            result.Data,
            result.Protocol,
            [.. result.Sections.Select(JsonSection.Of)],
            result.Compliance,
            result.Limits,
            result.Provenance,
            result.Spec);
        IndentedJson.Write(document, ReportJson.Default.ReportDocument, destination);
    }
}
