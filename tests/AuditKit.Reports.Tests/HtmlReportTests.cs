using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using AuditKit.Imaging;
using AuditKit.Reports.Html;
using AuditKit.Results;
using AuditKit.Run;

namespace AuditKit.Reports.Tests;

public partial class HtmlReportTests
{
    private static readonly string s_text = Text(SampleResult.Create());
    private static readonly XElement s_page = Parse(s_text);

    [Fact]
    public void The_page_runs_nothing_and_asks_for_nothing()
    {
        Assert.DoesNotContain(s_page.Descendants(), element => element.Name.LocalName is "script" or "link" or "iframe" or "object" or "form");
        IEnumerable<XAttribute> attributes = s_page.Descendants().Attributes();
        Assert.DoesNotContain(attributes, attribute => attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        Assert.All(attributes.Where(attribute => attribute.Name.LocalName is "src" or "href"),
            attribute => Assert.True(attribute.Value.StartsWith('#') || attribute.Value.StartsWith("data:image/png;base64,", StringComparison.Ordinal)));
        Assert.DoesNotContain("url(", s_text);
        Assert.DoesNotContain("@import", s_text);
    }

    [Fact]
    public void Markup_in_names_is_printed_and_not_obeyed()
    {
        const string Hostile = "</title></style></svg><script>alert(\"1\")</script><img src=x onerror='1'>&amp;\u0000\u202e";
        AuditResult sample = SampleResult.Create();
        Section section = sample.Sections[1];
        XElement page = Parse(Text(sample with
        {
            Name = Hostile,
            Spec = Hostile,
            Model = [new Fact(Hostile, Hostile)],
            Limits = [Hostile],
            Sections =
            [
                section with
                {
                    Title = Hostile, Error = Hostile, Summary = Hostile,
                    Findings = [section.Findings[0] with { Metric = Hostile, Subject = Hostile, Reason = Hostile, Method = Hostile }],
                    Charts = [section.Charts[0] with { Title = Hostile, XLabel = Hostile, Series = [new ChartSeries { Name = Hostile, Names = [Hostile], Y = [0.5] }] }],
                    Tables = [new Table(Hostile, [Hostile], [[Hostile]])],
                    Examples = [new Example(Hostile, [new ExamplePanel(Hostile, new Image(1, 1, 1))])],
                },
            ],
        }));
        Assert.DoesNotContain(page.Descendants(), element => element.Name.LocalName is "script");
        Assert.All(page.Descendants().Where(element => element.Name.LocalName is "img"), image => Assert.Equal(Hostile.Replace('\0', '\ufffd'), image.Attribute("alt")!.Value));
        Assert.Equal(Hostile.Replace('\0', '\ufffd'), page.Descendants("h1").Single().Value);
    }

    [Fact]
    public void Every_id_is_unique_and_every_reference_finds_one()
    {
        string[] ids = [.. s_page.Descendants().Attributes("id").Select(id => id.Value)];
        Assert.Equal(ids.Distinct(), ids);
        IEnumerable<string> references =
        [
            .. s_page.Descendants().Attributes("href").Select(link => link.Value[1..]),
            .. s_page.Descendants().Attributes("aria-labelledby").SelectMany(labels => labels.Value.Split(' ')),
        ];
        Assert.All(references, reference => Assert.Contains(reference, ids));
    }

    [Fact]
    public void Example_images_are_the_models_pixels()
    {
        Image[] shown =
        [
            .. s_page.Descendants("img").Select(image => Png.Decode(Convert.FromBase64String(image.Attribute("src")!.Value["data:image/png;base64,".Length..]))),
        ];
        Image[] expected = [.. SampleResult.Create().Sections.SelectMany(section => section.Examples).SelectMany(example => example.Panels).Select(panel => panel.Image)];
        Assert.Equal(expected.Select(image => (image.Width, image.Channels)), shown.Select(image => (image.Width, image.Channels)));
        Assert.All(expected.Zip(shown), pair => Assert.Equal(pair.First.Samples, pair.Second.Samples));
    }

    [Fact]
    public void Every_text_of_the_result_is_on_the_page()
    {
        AuditResult sample = SampleResult.Create();
        string page = Space().Replace(string.Join(' ', s_page.DescendantNodes().OfType<XText>().Select(text => text.Value)), " ");
        IEnumerable<string> texts =
        [
            sample.Name,
            .. new[] { sample.Provider, sample.Model, sample.Protocol, sample.Provenance }.SelectMany(facts => facts).SelectMany(fact => new[] { fact.Label, fact.Value }),
            .. sample.Limits,
            .. sample.Findings.SelectMany(finding => new[] { finding.Metric, finding.Subject, finding.Reason, finding.Method, Figures.Estimate(finding) }),
            .. sample.Sections.SelectMany(section => section.Method.Append(section.Title).Append(section.Summary).Append(section.Error ?? "")),
            .. sample.Sections.SelectMany(section => section.Tables).SelectMany(table => table.Rows.SelectMany(row => row).Concat(table.Columns)),
            .. sample.Sections.SelectMany(section => section.Charts).SelectMany(chart => chart.Series.Select(series => series.Name).Append(chart.Title).Append(chart.XLabel)),
            .. sample.Sections.SelectMany(section => section.Examples).SelectMany(example => example.Panels.Select(panel => panel.Label).Append(example.Caption)),
            sample.Spec,
        ];
        Assert.All(texts, text => Assert.Contains(Space().Replace(text, " "), page));
    }

    [Fact]
    public void Outcomes_are_told_by_word_and_not_by_colour_alone()
    {
        string[] words = [.. s_page.Descendants("section").First(section => section.Attribute("id")!.Value == "findings")
            .Descendants("span").Where(span => span.Attribute("class")?.Value.StartsWith("outcome", StringComparison.Ordinal) == true).Select(span => span.Value)];
        Assert.Equal(["✗fail", "?inconclusive", "?inconclusive", "?inconclusive", "?inconclusive", "✓pass", "✓pass", "✓pass", "✓pass"], words);
    }

    [Fact]
    public void What_blocks_is_never_folded_away()
    {
        AuditResult sample = SampleResult.Create();
        Section section = sample.Sections[0] with { Findings = [.. Enumerable.Range(0, 40).Select(i => sample.Sections[i < 20 ? 0 : 1].Findings[0] with { Subject = $"group {i}" })] };
        XElement page = Parse(Text(sample with { Sections = [section] }));
        XElement[] folded = [.. page.Descendants("details")];
        Assert.Equal(2, folded.Length);
        Assert.All(folded, list => Assert.Equal(20, list.Descendants("tr").Count(row => row.Attribute("class")?.Value == "pass")));
        Assert.All(folded, list => Assert.DoesNotContain(list.Descendants("tr"), row => row.Attribute("class")?.Value == "fail"));
        Assert.All(folded, list => Assert.Equal("20 more, none of which blocks", list.Element("summary")!.Value));
    }

    [Fact]
    public void An_audit_without_thresholds_says_that_nothing_was_judged()
    {
        AuditResult sample = SampleResult.Create();
        string page = Text(sample with { Verdict = GateOutcome.NotGated, Sections = [] });
        Assert.Contains("The spec sets no threshold", page);
    }

    private static string Text(AuditResult result) => Encoding.UTF8.GetString(ReportSnapshotTests.Bytes(new HtmlReport(), result));

    // The page is written so that it is well-formed XML, too: an unbalanced tag cannot hide.
    private static XElement Parse(string page)
    {
        using var reader = XmlReader.Create(new StringReader(page), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XElement.Load(reader, LoadOptions.PreserveWhitespace);
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
