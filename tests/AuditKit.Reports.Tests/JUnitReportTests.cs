using System.Text;
using System.Xml.Linq;
using AuditKit.Reports.JUnit;
using AuditKit.Results;

namespace AuditKit.Reports.Tests;

public class JUnitReportTests
{
    private static readonly XElement s_sample = Parse(SampleResult.Create());

    [Fact]
    public void Every_gated_finding_is_a_test_case_and_no_other()
    {
        IEnumerable<string> gated = SampleResult.Create().Findings.Where(finding => finding.Threshold is not null).Select(finding => finding.Id);
        Assert.Equal(gated.Append("corruptions"), s_sample.Descendants("testcase").Select(one => one.Attribute("name")!.Value));
    }

    [Fact]
    public void A_gate_that_does_not_pass_is_a_failure_of_its_outcomes_type()
    {
        string[] types = [.. s_sample.Descendants("failure").Select(failure => failure.Attribute("type")!.Value)];
        Assert.Equal(["fail", "inconclusive", "inconclusive", "inconclusive", "inconclusive"], types);
    }

    [Fact]
    public void A_check_that_broke_off_is_an_error()
    {
        XElement error = Assert.Single(s_sample.Descendants("error"));
        Assert.Contains("unexpected end of file", error.Value);
        Assert.Equal("corruptions", error.Parent!.Attribute("classname")!.Value);
    }

    [Fact]
    public void Totals_are_those_of_what_is_listed()
    {
        foreach (XElement element in s_sample.DescendantsAndSelf().Where(element => element.Name.LocalName is "testsuites" or "testsuite"))
        {
            Assert.Equal(element.Descendants("testcase").Count(), (int)element.Attribute("tests")!);
            Assert.Equal(element.Descendants("failure").Count(), (int)element.Attribute("failures")!);
            Assert.Equal(element.Descendants("error").Count(), (int)element.Attribute("errors")!);
        }
    }

    [Fact]
    public void Characters_that_XML_cannot_hold_do_not_break_it()
    {
        AuditResult sample = SampleResult.Create();
        Finding hostile = sample.Sections[0].Findings[0] with { Subject = "a\u0000b\u0008\ud83d<c>\uffff\"&", Outcome = GateOutcome.Fail };
        XElement parsed = Parse(sample with { Sections = [sample.Sections[0] with { Findings = [hostile] }] });
        Assert.Equal("accuracy/accuracy/a\ufffdb\ufffd\ufffd<c>\ufffd\"&", parsed.Descendants("testcase").Single().Attribute("name")!.Value);
    }

    private static XElement Parse(AuditResult result)
        => XElement.Parse(Encoding.UTF8.GetString(ReportSnapshotTests.Bytes(new JUnitReport(), result)));
}
