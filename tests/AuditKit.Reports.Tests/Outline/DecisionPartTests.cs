using AuditKit.Reports.Outline;
using AuditKit.Results;

namespace AuditKit.Reports.Tests.Outline;

public class DecisionPartTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(60)]
    [InlineData(2000)]
    public void The_forest_is_small_and_stands_for_every_gate(int gates)
    {
        AuditResult result = ManyGates.Of(gates);
        IReadOnlyList<GateRow> rows = Blocks(result).OfType<ForestPlot>().Single().Rows;
        Assert.InRange(rows.Count, 1, 24);
        Assert.Equal(result.Findings.Count(), rows.Sum(row => 1 + row.Folded));
        Assert.Equal(Kinds(result.Findings), Kinds(rows.Select(row => row.Finding)));

        static IEnumerable<(string, string, GateOutcome)> Kinds(IEnumerable<Finding> findings)
            => findings.Select(finding => (finding.Check, finding.Metric, finding.Outcome)).Distinct().Order();
    }

    [Fact]
    public void Passed_groups_are_folded_into_the_one_nearest_to_its_limit()
    {
        GateRow folded = GateRows.Of(ManyGates.Of(60).Findings).Single(row => row.Folded > 0 && row.Finding.Outcome is GateOutcome.Pass);
        Assert.Equal("group 0", folded.Finding.Subject);
        Assert.Equal("accuracy: 40 pass, nearest group 0", folded.Label);
    }

    [Fact]
    public void What_fails_comes_first_with_the_distance_to_its_limit()
    {
        BlockingLine[] lines = [.. Blocks(ManyGates.Of(2)).OfType<BlockingList>().Single().Lines];
        Assert.Equal([GateOutcome.Fail, GateOutcome.Fail], lines.Select(line => line.Outcome));
        Assert.Contains("30.0\u00a0%, 22.0 points over, demanded ≤\u00a08\u00a0%", lines.Select(line => line.Text));
        Assert.InRange(Blocks(ManyGates.Of(700)).OfType<BlockingList>().Single().Lines.Count, 1, 8);
    }

    [Fact]
    public void A_check_that_broke_leads()
    {
        BlockingLine first = Blocks(SampleResult.Create()).OfType<BlockingList>().Single().Lines[0];
        Assert.Equal(GateOutcome.Error, first.Outcome);
        Assert.EndsWith("did not finish", first.Figure);
    }

    [Fact]
    public void A_remedy_is_named_where_something_failed_and_nowhere_else()
    {
        AuditResult failed = ManyGates.Of(2);
        Assert.Single(Blocks(failed).OfType<CommandLine>());
        AuditResult passed = failed with
        {
            Sections = [.. failed.Sections
            .Select(section => section with { Findings = [.. section.Findings.Where(f => f.Outcome is GateOutcome.Pass)] })]
        };
        Assert.Empty(Blocks(passed).OfType<CommandLine>());
        Assert.Empty(Blocks(failed with { Compliance = null }).OfType<CommandLine>());
    }

    [Fact]
    public void What_was_not_asked_for_is_said()
    {
        AuditResult result = ManyGates.Of(2);
        string text = string.Join(' ', Blocks(result).OfType<Paragraph>().Select(paragraph => paragraph.Text));
        Assert.NotEmpty(result.Compliance!.NotAssessed);
        Assert.All(result.Compliance.NotAssessed, missing => Assert.Contains(missing, text));
    }

    private static IReadOnlyList<Block> Blocks(AuditResult result) => ReportOutline.Of(result, Medium.Paper).Parts[0].Blocks;
}
