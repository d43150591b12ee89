using AuditKit.Reports.GitHub;
using AuditKit.Reports.Html;
using AuditKit.Reports.JUnit;
using AuditKit.Reports.Json;
using AuditKit.Reports.Pdf;
using AuditKit.Reports.Sarif;
using AuditKit.Results;

namespace AuditKit.Reports;

/// <summary>The formats that an audit is reported in, and how they come into its folder.</summary>
public static class ReportFolder
{
    /// <summary>Every format, cheap ones first, so that a failing one leaves the others behind.</summary>
    public static IReadOnlyList<IReport> Formats { get; } =
        [new JsonReport(), new JUnitReport(), new SarifReport(), new StepSummary(), new HtmlReport(), new PdfReport()];

    /// <summary>Writes one report under its name. A reader finds the old file or the new one, never half of one.</summary>
    /// <returns>The file's path.</returns>
    /// <exception cref="AuditException">The folder cannot be written to (<see cref="ExitCode.Error"/>), or the format fails.</exception>
    public static string Save(IReport report, AuditResult result, string folder)
    {
        string path = Path.Combine(folder, report.FileName);
        AtomicFile.Write(path, file => report.Write(result, file));
        return path;
    }
}
