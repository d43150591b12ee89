using System.Text;
using AuditKit.Reports.GitHub;
using AuditKit.Results;

namespace AuditKit.Reports.Tests.GitHub;

public class StepSummaryTests
{
    [Fact]
    public void What_blocks_stands_above_what_passed()
    {
        string text = Text(SampleResult.Create());
        string[] outcomes = [.. text.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal) && line[2] is '✓' or '✗' or '?')
            .Select(line => line[2..3])];
        Assert.Equal(["✗", "?", "?", "?", "?", "✓", "✓", "✓", "✓"], outcomes);
        Assert.True(text.IndexOf("<details>", StringComparison.Ordinal) < text.IndexOf("| ✓", StringComparison.Ordinal));
    }

    [Fact]
    public void Names_cannot_break_out_of_their_cell()
    {
        AuditResult sample = SampleResult.Create();
        Finding hostile = sample.Sections[0].Findings[0] with { Subject = "a | b\n| c <img src=x> [x](y) `z` *" };
        string row = Text(sample with { Sections = [sample.Sections[0] with { Findings = [hostile] }] }).Split('\n').Single(line
            => line.StartsWith("| ✓", StringComparison.Ordinal));
        Assert.Equal(8, row.Count(letter => letter == '|'));
        Assert.DoesNotContain("<img", row);
        Assert.DoesNotContain("](", row);
        Assert.DoesNotContain('`', row);
    }

    [Fact]
    public void A_flood_of_findings_stays_below_a_mebibyte_and_says_how_many_are_left_out()
    {
        AuditResult sample = SampleResult.Create();
        Finding[] many = [.. Enumerable.Range(0, 30_000).Select(i => sample.Sections[1].Findings[0] with { Subject = $"групpa {i}" })];
        string text = Text(sample with { Sections = [sample.Sections[1] with { Findings = many }] });
        Assert.InRange(Encoding.UTF8.GetByteCount(text), 1, 1 << 20);
        int rows = text.Split('\n').Count(line => line.StartsWith("| ✗", StringComparison.Ordinal));
        Assert.Contains($"{30_000 - rows} more in the report.", text);
    }

    private static string Text(AuditResult result) => Encoding.UTF8.GetString(ReportSnapshotTests.Bytes(new StepSummary(), result));
}
