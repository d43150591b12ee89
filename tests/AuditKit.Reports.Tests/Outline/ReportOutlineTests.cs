using System.Text.Json.Nodes;
using AuditKit.Reports.Json;
using AuditKit.Reports.Outline;
using AuditKit.Results;

namespace AuditKit.Reports.Tests.Outline;

public class ReportOutlineTests
{
    [Fact]
    public void On_paper_every_figure_stands_once()
    {
        AuditResult result = ManyGates.Of(60);
        Finding[] printed = [.. Blocks(result, Medium.Paper).OfType<FindingList>().SelectMany(list => list.Findings)];
        Assert.Equal(result.Findings.Select(finding => finding.Id).Order(), printed.Select(finding => finding.Id).Order());
    }

    [Fact]
    public void On_a_screen_one_list_has_every_figure_with_what_blocks_first()
    {
        AuditResult result = ManyGates.Of(60);
        FindingList all = Blocks(result, Medium.Screen).OfType<FindingList>().Single(list => list.IsIndex);
        Assert.Equal(result.Findings.Count(), all.Findings.Count);
        Assert.Equal(all.Findings.Select(finding => Outcomes.Severity(finding.Outcome)).Order(), all.Findings
            .Select(finding => Outcomes.Severity(finding.Outcome)));
    }

    [Theory]
    [InlineData((int)Medium.Paper)]
    [InlineData((int)Medium.Screen)]
    public void Nothing_of_a_check_is_left_out(int medium)
    {
        AuditResult result = SampleResult.Create();
        Block[] blocks = [.. Blocks(result, (Medium)medium)];
        Assert.Equal(result.Sections.SelectMany(section => section.Charts), blocks.OfType<ChartBlock>().Select(block => block.Chart));
        Assert.Equal(result.Sections.SelectMany(section => section.Tables), blocks.OfType<TableBlock>().Select(block => block.Table));
        Assert.Equal(result.Sections.SelectMany(section => section.Examples), blocks.OfType<Gallery>().SelectMany(gallery => gallery.Pictures)
            .Select(picture => picture.Example));
        Assert.Equal(
            result.Sections.SelectMany(section => section.Method),
            blocks.OfType<Paragraph>().Where(paragraph => paragraph.Kind is ParagraphKind.Method).Select(paragraph => paragraph.Text));
        Assert.Equal(result.Compliance!.Clauses, blocks.OfType<ClauseList>().SelectMany(list => list.Rows).Select(row => row.Status));
    }

    [Fact]
    public void Paper_has_some_examples_of_everything_that_changes_answers()
    {
        AuditResult sample = SampleResult.Create();
        Example example = sample.Sections[2].Examples[0];
        Example[] many = [.. Enumerable.Range(0, 40).Select(i => example with { Caption = $"image {i}", Facts = [new("Changed by", $"jpeg-{i / 10}")] })];
        AuditResult result = sample with { Sections = [sample.Sections[2] with { Examples = many }] };
        Picture[] pictures = [.. Blocks(result, Medium.Paper).OfType<Gallery>().Single().Pictures];
        Assert.Equal(6, pictures.Length);
        Assert.Equal(4, pictures.Select(picture => picture.Facts[0].Value).Distinct().Count());
        Assert.Equal(40, Blocks(result, Medium.Screen).OfType<Gallery>().Single().Pictures.Count);
    }

    [Fact]
    public void Json_names_the_parts_in_their_order()
    {
        AuditResult result = SampleResult.Create();
        JsonNode json = JsonNode.Parse(ReportSnapshotTests.Bytes(new JsonReport(), result))!;
        Assert.Equal(
            ReportOutline.Of(result, Medium.Paper).Parts.Select(part => (part.Link.Id, part.Link.Title)),
            json["outline"]!.AsArray().Select(part => (part!["id"]!.GetValue<string>(), part["title"]!.GetValue<string>())));
    }

    [Fact]
    public void Every_link_finds_its_part()
    {
        AuditResult result = ManyGates.Of(60);
        foreach (Medium medium in Enum.GetValues<Medium>())
        {
            ReportOutline outline = ReportOutline.Of(result, medium);
            IEnumerable<PartLink> links = outline.Parts.SelectMany(part => part.Blocks).SelectMany(block => block switch
            {
                LinkBlock link => [link.Target],
                ClauseList clauses => clauses.Rows.SelectMany(row => row.Evidence),
                _ => Enumerable.Empty<PartLink>(),
            });
            Assert.All(links, link => Assert.Contains(link, outline.Parts.Select(part => part.Link)));
        }
    }

    private static IEnumerable<Block> Blocks(AuditResult result, Medium medium) => ReportOutline.Of(result, medium).Parts.SelectMany(part => part.Blocks);
}
