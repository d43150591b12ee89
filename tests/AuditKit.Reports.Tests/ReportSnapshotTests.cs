using AuditKit.Reports.Html;
using AuditKit.Reports.Json;
using AuditKit.Reports.JUnit;

namespace AuditKit.Reports.Tests;

public class ReportSnapshotTests
{
    public static TheoryData<IReport> TextFormats => [new JsonReport(), new HtmlReport(), new JUnitReport()];

    [Theory]
    [MemberData(nameof(TextFormats))]
    public void The_sample_audit_is_reported_as_reviewed(IReport format)
        => Snapshot.Matches(format.FileName, Bytes(format, SampleResult.Create()));

    internal static byte[] Bytes(IReport format, AuditResult result)
    {
        using var stream = new MemoryStream();
        format.Write(result, stream);
        return stream.ToArray();
    }
}
