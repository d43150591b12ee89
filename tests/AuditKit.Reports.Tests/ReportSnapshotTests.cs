using System.Text;
using System.Text.RegularExpressions;
using AuditKit.Reports.GitHub;
using AuditKit.Reports.Html;
using AuditKit.Reports.JUnit;
using AuditKit.Reports.Json;
using AuditKit.Reports.Sarif;
using AuditKit.Results;

namespace AuditKit.Reports.Tests;

public partial class ReportSnapshotTests
{
    public static TheoryData<IReport> TextFormats => [new JsonReport(), new HtmlReport(), new JUnitReport(), new SarifReport(), new StepSummary()];

    [Theory]
    [MemberData(nameof(TextFormats))]
    public void The_sample_audit_is_reported_as_reviewed(IReport format)
    {
        string text = Encoding.UTF8.GetString(Bytes(format, SampleResult.Create()));
        // How well pixels are packed is up to the machine's libpng; HtmlReportTests decodes them.
        Snapshot.Matches(format.FileName, PngData().Replace(text, "data:image/png;base64,"));
    }

    [GeneratedRegex("data:image/png;base64,[A-Za-z0-9+/=]*")]
    private static partial Regex PngData();

    internal static byte[] Bytes(IReport format, AuditResult result)
    {
        using var stream = new MemoryStream();
        format.Write(result, stream);
        return stream.ToArray();
    }
}
