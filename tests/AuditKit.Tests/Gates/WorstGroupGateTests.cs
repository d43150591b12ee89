using AuditKit.Gates;
using AuditKit.Results;
using AuditKit.Statistics;
using AuditKit.Tests.Statistics;

namespace AuditKit.Tests.Gates;

public sealed class WorstGroupGateTests
{
    private static readonly Threshold AtLeast70 = new(ThresholdKind.AtLeast, 0.70, "checks.subgroups.min-worst");

    [Fact]
    public void All_groups_above_the_limit_pass()
    {
        IReadOnlyList<Finding> findings = Judge(("bag", 980, 1000), ("shirt", 760, 1000), ("coat", 400, 500));
        Assert.All(findings, finding => Assert.Equal(GateOutcome.Pass, finding.Outcome));
        Assert.Equal(["class", "bag", "shirt", "coat"], findings.Select(f => f.Subject));
        Finding worst = findings[0];
        Assert.Equal(("subgroups/worst-group accuracy/class", 0.76, 1000), (worst.Id, worst.Estimate, worst.Count));
        Assert.Equal("the lower 95\u00a0% bound (Clopper–Pearson) of each of 3 groups is at least 70\u00a0%; the worst is shirt", worst.Reason);
    }

    [Fact]
    public void Failing_groups_are_named()
    {
        IReadOnlyList<Finding> findings = Judge(("bag", 980, 1000), ("shirt", 600, 1000), ("coat", 120, 200));
        Assert.Equal([GateOutcome.Fail, GateOutcome.Pass, GateOutcome.Fail, GateOutcome.Fail], findings.Select(f => f.Outcome));
        Assert.Equal("below 70\u00a0% in 2 of 3 groups: shirt, coat (exact binomial tests, Holm at 5\u00a0%)", findings[0].Reason);
        Assert.Equal("below 70\u00a0% (exact binomial test, p < 0.0001 by Holm over 3 groups)", findings[2].Reason);
    }

    [Fact]
    public void A_group_that_misses_only_when_looked_at_alone_is_inconclusive()
    {
        // scipy 1.10: binom.cdf(61, 100, 0.7) = 0.0340, which fails alone; four times that does not fail among four.
        Assert.Equal(GateOutcome.Fail, Judge(("shirt", 61, 100))[0].Outcome);
        IReadOnlyList<Finding> findings = Judge(("bag", 98, 100), ("shirt", 61, 100), ("coat", 95, 100), ("dress", 96, 100));
        Assert.Equal(GateOutcome.Inconclusive, findings[2].Outcome);
        Assert.Equal(
            "upper 95\u00a0% bound 69.2\u00a0% (Clopper–Pearson) is below 70\u00a0%, but not so clearly that chance is excluded "
            + "(exact binomial test, p = 0.1359 by Holm over 4 groups)",
            findings[2].Reason);
        Assert.Equal((GateOutcome.Inconclusive, "not settled at 70\u00a0%: shirt"), (findings[0].Outcome, findings[0].Reason));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(99, 99)]
    [InlineData(0, 99)]
    public void A_small_group_is_inconclusive_whatever_it_shows(int successes, int count)
    {
        IReadOnlyList<Finding> findings = Judge(("bag", 980, 1000), ("rare", successes, count));
        Assert.Equal([GateOutcome.Inconclusive, GateOutcome.Pass, GateOutcome.Inconclusive], findings.Select(f => f.Outcome));
        Assert.Equal("fewer than 100 images: rare", findings[0].Reason);
        Assert.Equal($"{count} images are fewer than the 100 that a group needs to be judged", findings[2].Reason);
        Assert.Equal(0.98, findings[0].Estimate);
        Assert.Equal(count, findings[2].Count);
    }

    [Fact]
    public void No_group_that_can_be_judged_is_inconclusive_without_an_estimate()
    {
        Finding small = Judge(("rare", 3, 5))[0];
        Assert.Equal((GateOutcome.Inconclusive, null, null, 0), (small.Outcome, small.Estimate, small.Interval, small.Count));
        Assert.Equal((GateOutcome.Inconclusive, "there are no groups"), (Judge()[0].Outcome, Judge()[0].Reason));
    }

    [Fact]
    public void Without_a_threshold_everything_is_only_reported()
    {
        IReadOnlyList<Finding> findings = WorstGroupGate.Judge(
            "subgroups", "accuracy", "class", [new("a", new(60, 100)), new("b", new(1, 2))], 10, null, 0.95);
        Assert.All(findings, finding => Assert.Equal((GateOutcome.NotGated, ""), (finding.Outcome, finding.Reason)));
        Assert.Equal((0.6, 0.6, 0.5), (findings[0].Estimate, findings[1].Estimate, findings[2].Estimate));
    }

    [Fact]
    public void An_upper_limit_is_refused() => Assert.Throws<ArgumentException>(() => WorstGroupGate.Judge(
        "subgroups", "accuracy", "class", [], 10, new Threshold(ThresholdKind.AtMost, 0.5, "k"), 0.95));

    [Fact]
    public void A_model_with_one_group_below_the_limit_passes_with_probability_at_most_alpha()
    {
        // The other groups always pass, which is the worst case; the bad one is just below the limit.
        double passes = ExactBinomial.Probability(150, 0.70 - 1e-9, k =>
            Judge(("good", 1000, 1000), ("bad", k, 150), ("fine", 999, 1000))[0].Outcome == GateOutcome.Pass);
        Assert.InRange(passes, 0.001, 0.05);
    }

    [Fact]
    public void Groups_that_just_reach_the_limit_are_named_falsely_with_probability_at_most_alpha()
    {
        const int Groups = 12;
        const int Trials = 500;
        int wrong = 0;
        int wrongAlone = 0;
        for (int trial = 0; trial < Trials; trial++)
        {
            CounterRandom random = CounterRandom.For(1, "groups", trial);
            Proportion[] measured = [.. Enumerable.Range(0, Groups).Select(_ =>
                Proportion.Of(Enumerable.Range(0, 100).Select(_ => random.NextDouble() < 0.70)))];
            wrong += Judge([.. measured.Select((m, i) => ($"{i}", m.Successes, m.Count))])[0].Outcome == GateOutcome.Fail ? 1 : 0;
            wrongAlone += measured.Any(m => BinomialTest.AtLeast(m, 0.70) <= 0.05) ? 1 : 0;
        }

        Assert.InRange((double)wrong / Trials, 0.001, 0.05);
        // Without the correction it would be a third: the simulation can tell the difference.
        Assert.InRange((double)wrongAlone / Trials, 0.2, 1);
    }

    [Fact]
    public void The_interval_of_the_worst_group_covers_the_lowest_true_accuracy_as_often_as_promised()
    {
        const int Trials = 500;
        double[] truth = [0.80, 0.80, 0.81, 0.82, 0.80, 0.83, 0.9, 0.8];
        int covered = 0;
        for (int trial = 0; trial < Trials; trial++)
        {
            CounterRandom random = CounterRandom.For(2, "groups", trial);
            Finding worst = Judge([.. truth.Select((p, i) =>
                ($"{i}", Enumerable.Range(0, 120).Count(_ => random.NextDouble() < p), 120))])[0];
            Interval interval = worst.Interval!.Value;
            Assert.InRange(worst.Estimate!.Value, interval.Lower, interval.Upper);
            covered += interval.Lower <= 0.80 && 0.80 <= interval.Upper ? 1 : 0;
        }

        Assert.InRange((double)covered / Trials, 0.95, 1);
    }

    private static IReadOnlyList<Finding> Judge(params (string Name, int Successes, int Count)[] groups) => WorstGroupGate.Judge(
        "subgroups", "accuracy", "class", [.. groups.Select(g => new Group(g.Name, new Proportion(g.Successes, g.Count)))], 100, AtLeast70, 0.95);
}
