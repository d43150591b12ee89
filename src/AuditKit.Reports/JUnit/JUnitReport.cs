using System.Text;
using System.Xml;
using AuditKit.Gates;
using AuditKit.Results;

namespace AuditKit.Reports.JUnit;

/// <summary>
/// The report for CI: one test suite a check, one test case a gated finding. A gate that failed or is
/// inconclusive is a <c>failure</c> whose type is the outcome; a check that crashed is an <c>error</c> in a test
/// case of its own. Findings without a threshold are left out: they cannot fail, and counting them as passed
/// would make a gate look better guarded than it is.
/// </summary>
public sealed class JUnitReport : IReport
{
    /// <inheritdoc/>
    public string FileName => "junit.xml";

    /// <inheritdoc/>
    public void Write(AuditResult result, Stream destination)
    {
        var suites = result.Sections.Select(section => (section.Check, Cases: Cases(section))).ToList();
        var settings = new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true, NewLineChars = "\n", CloseOutput = false };
        using var xml = XmlWriter.Create(destination, settings);
        xml.WriteStartElement("testsuites");
        Attribute(xml, "name", result.Name);
        Totals(xml, [.. suites.SelectMany(suite => suite.Cases)]);
        foreach ((string check, List<Case> cases) in suites)
        {
            xml.WriteStartElement("testsuite");
            Attribute(xml, "name", check);
            Totals(xml, cases);
            foreach (Case @case in cases)
            {
                Write(xml, check, @case);
            }

            xml.WriteEndElement();
        }

        xml.WriteEndElement();
        xml.WriteWhitespace("\n");
    }

    private static List<Case> Cases(Section section)
    {
        List<Case> cases = [.. section.Findings.Where(finding => finding.Outcome is not GateOutcome.NotGated).Select(Gate)];
        if (section.Error is { } error)
        {
            cases.Add(new Case(section.Check, GateOutcome.Error, "the check did not finish", error));
        }

        return cases;
    }

    private static Case Gate(Finding finding)
    {
        string figure = Figures.Estimate(finding);
        string message = $"{finding.Metric} {figure}, demanded {Figures.Threshold(finding)}";
        return new Case(finding.Id, finding.Outcome, message, string.Join('\n',
            $"{finding.Metric}{(finding.Subject.Length == 0 ? "" : $" on {finding.Subject}")}: {figure}",
            $"interval: {Figures.Interval(finding)}{(finding.Method.Length == 0 ? "" : $" ({finding.Method})")}",
            $"n: {NumberText.Count(finding.Count)}",
            $"threshold: {Figures.Threshold(finding)}{(finding.Threshold is { Key: var key } ? $" ({key})" : "")}",
            $"{Outcomes.Word(finding.Outcome)}: {finding.Reason}"));
    }

    private static void Totals(XmlWriter xml, List<Case> cases)
    {
        xml.WriteAttributeString("tests", $"{cases.Count}");
        xml.WriteAttributeString("failures", $"{cases.Count(one => one.Outcome is GateOutcome.Fail or GateOutcome.Inconclusive)}");
        xml.WriteAttributeString("errors", $"{cases.Count(one => one.Outcome is GateOutcome.Error)}");
    }

    private static void Write(XmlWriter xml, string check, Case @case)
    {
        xml.WriteStartElement("testcase");
        Attribute(xml, "classname", check);
        Attribute(xml, "name", @case.Name);
        if (@case.Outcome is not GateOutcome.Pass)
        {
            xml.WriteStartElement(@case.Outcome is GateOutcome.Error ? "error" : "failure");
            Attribute(xml, "type", Outcomes.Word(@case.Outcome));
            Attribute(xml, "message", @case.Message);
            xml.WriteString(Markup.Legal(@case.Detail));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void Attribute(XmlWriter xml, string name, string value) => xml.WriteAttributeString(name, Markup.Legal(value));

    private sealed record Case(string Name, GateOutcome Outcome, string Message, string Detail);
}
