using AuditKit.Gates;
using AuditKit.Results;
using AuditKit.Statistics;
using AuditKit.Tests.Statistics;

namespace AuditKit.Tests.Gates;

public sealed class GateTests
{
    private static readonly Threshold AtLeast92 = new(ThresholdKind.AtLeast, 0.92, "checks.accuracy.min");
    private static readonly Threshold AtMost8 = new(ThresholdKind.AtMost, 0.08, "checks.stability.max-flip-rate");

    [Theory]
    [InlineData(9300, 10000, GateOutcome.Pass, "lower 95\u00a0% bound 92.6\u00a0% (Clopper–Pearson) is at least 92\u00a0%")]
    [InlineData(9100, 10000, GateOutcome.Fail, "upper 95\u00a0% bound 91.5\u00a0% (Clopper–Pearson) is below 92\u00a0%")]
    [InlineData(9210, 10000, GateOutcome.Inconclusive, "lower 95\u00a0% bound 91.6\u00a0% (Clopper–Pearson) is below 92\u00a0%, but the "
        + "upper one, 92.5\u00a0%, is not")]
    [InlineData(9244, 10000, GateOutcome.Inconclusive, "lower 95\u00a0% bound 91.99\u00a0% (Clopper–Pearson) is below 92\u00a0%, but the "
        + "upper one, 92.9\u00a0%, is not")]
    [InlineData(0, 0, GateOutcome.Inconclusive, "no image was measured")]
    public void A_least_value_is_judged_with_its_reason(int successes, int count, GateOutcome outcome, string reason)
    {
        Finding finding = Gate.Judge("accuracy", "accuracy", "", new Proportion(successes, count), AtLeast92, 0.95);
        Assert.Equal((outcome, reason), (finding.Outcome, finding.Reason));
    }

    [Theory]
    [InlineData(700, 10000, GateOutcome.Pass, "upper 95\u00a0% bound 7.4\u00a0% (Clopper–Pearson) is at most 8\u00a0%")]
    [InlineData(900, 10000, GateOutcome.Fail, "lower 95\u00a0% bound 8.5\u00a0% (Clopper–Pearson) is above 8\u00a0%")]
    [InlineData(800, 10000, GateOutcome.Inconclusive, "upper 95\u00a0% bound 8.5\u00a0% (Clopper–Pearson) is above 8\u00a0%, but the lower "
        + "one, 7.6\u00a0%, is not")]
    public void A_largest_value_is_judged_with_its_reason(int successes, int count, GateOutcome outcome, string reason)
    {
        Finding finding = Gate.Judge("stability", "flip rate", "jpeg-50", new Proportion(successes, count), AtMost8, 0.95);
        Assert.Equal((outcome, reason), (finding.Outcome, finding.Reason));
    }

    [Fact]
    public void A_finding_carries_estimate_interval_and_count()
    {
        Finding finding = Gate.Judge("stability", "flip rate", "jpeg-50", new Proportion(2, 8), null, 0.99);
        Assert.Equal("stability/flip rate/jpeg-50", finding.Id);
        Assert.Equal((0.25, 8, "Wilson 99\u00a0%", true), (finding.Estimate, finding.Count, finding.Method, finding.IsProportion));
        Assert.Equal(Wilson.Interval(new Proportion(2, 8), 0.99), finding.Interval);
        Assert.Equal((GateOutcome.NotGated, ""), (finding.Outcome, finding.Reason));
        Finding empty = Gate.Judge("stability", "flip rate", "jpeg-50", new Proportion(0, 0), null, 0.99);
        Assert.Equal((null, null, 0), (empty.Estimate, empty.Interval, empty.Count));
    }

    [Theory]
    [InlineData(60, 0.7)]
    [InlineData(200, 0.92)]
    [InlineData(200, 0.5)]
    public void Neither_passing_nor_failing_is_wrong_more_often_than_alpha(int n, double limit)
    {
        foreach (ThresholdKind kind in Enum.GetValues<ThresholdKind>())
        {
            GateOutcome[] outcomes = [.. Enumerable.Range(0, n + 1).Select(k =>
                Gate.Judge("c", "m", "", new Proportion(k, n), new Threshold(kind, limit, "k"), 0.95).Outcome)];
            // The hardest truths are those that miss, or meet, the limit by a hair.
            double misses = kind == ThresholdKind.AtLeast ? limit - 1e-9 : limit + 1e-9;
            Assert.InRange(ExactBinomial.Probability(n, misses, k => outcomes[k] == GateOutcome.Pass), 0.001, 0.05);
            Assert.InRange(ExactBinomial.Probability(n, limit, k => outcomes[k] == GateOutcome.Fail), 0.001, 0.05);

            GateOutcome[] expectedOrder = kind == ThresholdKind.AtLeast
                ? [GateOutcome.Fail, GateOutcome.Inconclusive, GateOutcome.Pass]
                : [GateOutcome.Pass, GateOutcome.Inconclusive, GateOutcome.Fail];
            Assert.Equal(expectedOrder, outcomes.Distinct());
            Assert.Equal(outcomes.OrderBy(outcome => Array.IndexOf(expectedOrder, outcome)), outcomes);
        }
    }

    [Fact]
    public void A_mean_is_judged_by_one_sided_bounds_of_students_t()
    {
        // scipy 1.10: 0.1 ± t.ppf(.95, 59999) * 1.5 / sqrt(60000) = 0.0899273, 0.1100727
        var measured = new Mean(0.1, 1.5, 60_000);
        Assert.Equal(
            (GateOutcome.Pass, "upper 95\u00a0% bound 0.11007 (Student's t) is at most 0.1101"), Outcome(new(ThresholdKind.AtMost, 0.1101, "k")));
        Assert.Equal(
            (GateOutcome.Fail, "lower 95\u00a0% bound 0.090 (Student's t) is above 0.08"), Outcome(new(ThresholdKind.AtMost, 0.08, "k")));
        Assert.Equal(GateOutcome.Inconclusive, Outcome(new(ThresholdKind.AtMost, 0.11, "k")).Outcome);
        Assert.Equal(GateOutcome.Pass, Outcome(new(ThresholdKind.AtLeast, 0.0899, "k")).Outcome);
        Assert.Equal(GateOutcome.Fail, Outcome(new(ThresholdKind.AtLeast, 0.1101, "k")).Outcome);

        (GateOutcome Outcome, string Reason) Outcome(Threshold threshold)
        {
            Finding finding = Gate.Judge("stability", "mean |Δ confidence|", "jpeg-50", measured, threshold, 0.95);
            Assert.False(finding.IsProportion);
            return (finding.Outcome, finding.Reason);
        }
    }

    [Fact]
    public void A_mean_of_fewer_than_two_images_is_inconclusive()
    {
        Finding finding = Gate.Judge("c", "m", "", Mean.Of([0.5]), new Threshold(ThresholdKind.AtMost, 1, "k"), 0.95);
        Assert.Equal((GateOutcome.Inconclusive, "fewer than two images were measured"), (finding.Outcome, finding.Reason));
        Assert.Equal((0.5, null), (finding.Estimate, finding.Interval));
        Assert.Null(Gate.Judge("c", "m", "", Mean.Of([]), null, 0.95).Estimate);
    }
}
