using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using AuditKit.Imaging;
using AuditKit.Reports.Html;
using AuditKit.Reports.Outline;
using AuditKit.Results;
using AuditKit.Run;

namespace AuditKit.Reports.Tests;

public partial class HtmlReportTests
{
    private static readonly string s_text = Text(SampleResult.Create());
    private static readonly XElement s_page = Parse(s_text);

    [Fact]
    public void The_page_runs_only_its_own_script_and_asks_for_nothing()
    {
        Assert.DoesNotContain(s_page.Descendants(), element => element.Name.LocalName is "link" or "iframe" or "object");
        Assert.All(s_page.Descendants("form"), form => Assert.Null(form.Attribute("action")));
        IEnumerable<XAttribute> attributes = s_page.Descendants().Attributes();
        Assert.DoesNotContain(attributes, attribute => attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        Assert.All(attributes.Where(attribute => attribute.Name.LocalName is "src" or "href"),
            attribute => Assert.True(attribute.Value.StartsWith('#') || attribute.Value.StartsWith("data:image/png;base64,", StringComparison.Ordinal)));
        Assert.DoesNotContain("url(", s_text);
        Assert.DoesNotContain("@import", s_text);
        byte[] script = Encoding.UTF8.GetBytes(s_page.Descendants("script").Single().Value);
        Assert.Contains(
            $"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{Convert.ToBase64String(SHA256.HashData(script))}'",
            s_page.Descendants("meta").Attributes("content").Select(content => content.Value));
    }

    [Fact]
    public void Parts_stand_in_the_outlines_order_under_its_titles_and_the_contents_link_to_each()
    {
        string[] titles = [.. ReportOutline.Of(SampleResult.Create(), Medium.Screen).Parts.Select(part => part.Link.Title)];
        Assert.Equal(titles, s_page.Descendants("section").Select(section => section.Element("h2")!.Value));
        Assert.Equal(titles, s_page.Descendants("nav").Single().Elements("a").Select(link => link.Value));
    }

    [Fact]
    public void Every_control_has_a_label_and_stays_hidden_without_the_script()
    {
        Assert.Equal(2, s_page.Descendants("form").Count());
        Assert.All(s_page.Descendants("form"), form => Assert.Equal("hidden", form.Attribute("hidden")?.Value));
        Assert.All(s_page.Descendants("form"), form => Assert.NotEmpty(form.Attribute("aria-label")!.Value));
        Assert.All(s_page.Descendants().Where(element => element.Name.LocalName is "select" or "input"), control
            => Assert.Equal("label", control.Parent!.Name.LocalName));
        Assert.All(s_page.Descendants("img"), image => Assert.NotEmpty(image.Attribute("alt")!.Value));
        Assert.DoesNotContain(s_page.Descendants("main").Single().Descendants().Where(element => element.Name.LocalName != "form"), element
            => element.Attribute("hidden") is not null);
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
                    Charts = [section.Charts[0] with { Title = Hostile, XLabel = Hostile,
                        Series = [new ChartSeries { Name = Hostile, Names = [Hostile], Y = [0.5] }] }],
                    Tables = [new Table(Hostile, [Hostile], [[Hostile]])],
                    Examples = [new Example(Hostile, [new ExamplePanel(Hostile, new Image(1, 1, 1))]) { Facts = [new Fact(Hostile, Hostile)] }],
                },
            ],
        }));
        Assert.Equal(s_page.Descendants("script").Single().Value, page.Descendants("script").Single().Value);
        string shown = Hostile.Replace('\0', '\ufffd');
        Assert.All(page.Descendants("img"), image => Assert.Equal($"{shown} {shown}", image.Attribute("alt")!.Value));
        Assert.Contains(shown, page.Descendants("option").Select(option => option.Value));
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
            .. s_page.Descendants("img").Select(image
                => Png.Decode(Convert.FromBase64String(image.Attribute("src")!.Value["data:image/png;base64,".Length..]))),
        ];
        Image[] expected = [.. SampleResult.Create().Sections.SelectMany(section => section.Examples).SelectMany(example => example.Panels)
            .Select(panel => panel.Image)];
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
            .. new[] { sample.Provider, sample.Model, sample.Protocol, sample.Provenance }.SelectMany(facts => facts)
                .SelectMany(fact => new[] { fact.Label, fact.Value }),
            .. sample.Limits,
            .. sample.Findings.SelectMany(finding => new[] { finding.Metric, finding.Subject, finding.Reason, finding.Method, Figures.Estimate(finding) }),
            .. sample.Sections.SelectMany(section => section.Method.Append(section.Title).Append(section.Summary).Append(section.Error ?? "")),
            .. sample.Sections.SelectMany(section => section.Tables).SelectMany(table => table.Rows.SelectMany(row => row).Concat(table.Columns)),
            .. sample.Sections.SelectMany(section => section.Charts)
                .SelectMany(chart => chart.Series.Select(series => series.Name).Append(chart.Title).Append(chart.XLabel)),
            .. sample.Sections.SelectMany(section => section.Examples)
                .SelectMany(example => example.Panels.Select(panel => panel.Label).Append(example.Caption)),
            sample.Spec,
        ];
        Assert.All(texts, text => Assert.Contains(Space().Replace(text, " "), page));
    }

    [Fact]
    public void Outcomes_are_told_by_word_and_not_by_colour_alone()
    {
        string[] words = [.. Part("figures").Descendants("span")
            .Where(span => span.Attribute("class")?.Value.StartsWith("outcome", StringComparison.Ordinal) == true).Select(span => span.Value)];
        Assert.Equal(
            ["✗fail", "?inconclusive", "?inconclusive", "?inconclusive", "?inconclusive", "✓pass", "✓pass", "✓pass", "✓pass"], words.Take(9));
        Assert.All(words.Skip(9), word => Assert.Equal("·reported", word));
    }

    [Fact]
    public void Every_figure_is_in_the_list_that_filters_and_no_row_is_folded_away()
    {
        AuditResult sample = SampleResult.Create();
        Assert.Equal(sample.Findings.Count(), Part("figures").Descendants("tr").Count(row => row.Attribute("data-outcome") is not null));
        Assert.Empty(s_page.Descendants("details"));
    }

    [Fact]
    public void An_audit_without_thresholds_says_that_nothing_was_judged()
    {
        AuditResult sample = SampleResult.Create();
        string page = Text(sample with { Verdict = GateOutcome.NotGated, Sections = [] });
        Assert.Contains("The spec sets no threshold", page);
    }

    private static XElement Part(string id) => s_page.Descendants("section").Single(section => section.Attribute("id")!.Value == id);

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
