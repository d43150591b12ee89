using AuditKit.Statistics;

namespace AuditKit.Tests.Statistics;

public sealed class WilsonTests
{
    // Newcombe, Statistics in Medicine 17 (1998) 857–872, table I, method 3.
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void It_gives_the_published_intervals(int successes, int count, double lower, double upper)
    {
        Interval interval = Wilson.Interval(new Proportion(successes, count), 0.95);
        Assert.Equal(lower, interval.Lower, 4);
        Assert.Equal(upper, interval.Upper, 4);
    }

    [Fact]
    public void Its_ends_solve_the_score_equation()
    {
        const double Z = 1.6448536269514722; // 95th percentile of the normal distribution
        foreach ((int successes, int count) in new[] { (1, 2), (3, 7), (499, 500), (55_200, 60_000) })
        {
            Interval interval = Wilson.Interval(new Proportion(successes, count), 0.90);
            double estimate = (double)successes / count;
            Assert.All([interval.Lower, interval.Upper], end =>
                Assert.Equal(Z, Math.Abs(estimate - end) / Math.Sqrt(end * (1 - end) / count), 1e-8));
        }
    }

    [Fact]
    public void Its_ends_at_no_and_at_all_successes_are_exact()
    {
        for (int n = 1; n < 2000; n++)
        {
            Assert.Equal(0, Wilson.Interval(new Proportion(0, n), 0.95).Lower);
            Assert.Equal(1, Wilson.Interval(new Proportion(n, n), 0.95).Upper);
        }

        Assert.Equal(new Interval(0, 1), Wilson.Interval(new Proportion(0, 0), 0.95));
    }

    [Theory]
    [InlineData(20)]
    [InlineData(50)]
    [InlineData(200)]
    public void Its_coverage_is_nominal_on_average(int n)
    {
        Interval[] intervals = [.. Enumerable.Range(0, n + 1).Select(k => Wilson.Interval(new Proportion(k, n), 0.95))];
        double average = Enumerable.Range(1, 999).Select(i => i / 1000.0).Average(p =>
            ExactBinomial.Probability(n, p, k => intervals[k].Lower <= p && p <= intervals[k].Upper));
        Assert.InRange(average, 0.945, 0.96);
    }
}
