using AuditKit.Comparisons;
using AuditKit.Gates;
using AuditKit.Results;
using AuditKit.Statistics;

namespace AuditKit.Tests.Comparisons;

public sealed class MitigationTests
{
    [Fact]
    public void What_was_measured_before_and_after_is_shown_with_its_intervals()
    {
        Finding before = Worst(70), after = Worst(97);
        var mitigation = new Mitigation
        {
            Method = "group DRO",
            Reason = "A group failed.",
            Recipe = "name: fixed",
            FailedModel = new string('a', 64),
            Before = [FindingBefore.Of(before)],
        };

        Table passing = mitigation.Describe([new Section { Check = "subgroups", Title = "", Summary = "", Method = [], Findings = [after] }])
            .Tables.Single(table => table.Title == "What passes now");

        Assert.Equal(
            [
                before.Id, $"70.0\u00a0% ({before.Interval!.Value.ToPercent()})", $"97.0\u00a0% ({after.Interval!.Value.ToPercent()})", "≥ 80\u00a0%", "fail → pass",
            ],
            passing.Rows.Single());
    }

    [Fact]
    public void An_interval_without_an_end_is_left_out_and_can_be_kept_as_JSON()
    {
        FindingBefore endless = FindingBefore.Of(Worst(70) with { Interval = new Interval(0, double.PositiveInfinity) });
        Assert.Null(endless.Interval);
        Assert.NotEmpty(System.Text.Json.JsonSerializer.Serialize(endless));
    }

    private static Finding Worst(int right)
        => Gate.Judge("subgroups", "worst-group accuracy", "class", new Proportion(right, 100), new Threshold(ThresholdKind.AtLeast, 0.8, "min-accuracy"), 0.95);
}
