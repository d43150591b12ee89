using AuditKit.Statistics;

namespace AuditKit.Tests.Statistics;

public sealed class ClopperPearsonTests
{
    // Newcombe, Statistics in Medicine 17 (1998) 857–872, table I, method 5.
    [Theory]
    [InlineData(81, 263, 0.2527, 0.3676)]
    [InlineData(15, 148, 0.0578, 0.1617)]
    [InlineData(0, 20, 0, 0.1684)]
    [InlineData(1, 29, 0.0009, 0.1776)]
    public void It_gives_the_published_intervals(int successes, int count, double lower, double upper)
    {
        Interval interval = ClopperPearson.Interval(new Proportion(successes, count), 0.95);
        Assert.Equal(lower, interval.Lower, 4);
        Assert.Equal(upper, interval.Upper, 4);
    }

    // scipy 1.10: beta.ppf(1 - c, k, n - k + 1), beta.ppf(c, k + 1, n - k)
    [Theory]
    [InlineData(8, 10, 0.95, 0.49309869893679764, 0.9632285621125349)]
    [InlineData(5530, 6000, 0.95, 0.9157243587688627, 0.9273031287283399)]
    [InlineData(55200, 60000, 0.95, 0.9181548542093162, 0.9218150548876155)]
    [InlineData(55200, 60000, 0.99, 0.9173873949744956, 0.9225571848601704)]
    [InlineData(1, 60000, 0.95, 8.548878743756625e-07, 7.906194196241574e-05)]
    [InlineData(59999, 60000, 0.95, 0.9999209380580376, 0.9999991451121256)]
    [InlineData(3, 1000, 0.999, 0.00019070598170852664, 0.012996697147763747)]
    public void It_agrees_with_scipy(int successes, int count, double confidence, double lower, double upper)
    {
        var proportion = new Proportion(successes, count);
        Assert.Equal(lower, ClopperPearson.Lower(proportion, confidence), 1e-8 * lower);
        Assert.Equal(upper, ClopperPearson.Upper(proportion, confidence), 1e-8 * upper);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(60_000)]
    [InlineData(1_000_000)]
    public void At_no_and_at_all_successes_it_has_its_closed_form(int n)
    {
        foreach (double confidence in new[] { 0.5, 0.95, 0.999, 1 - 1e-9 })
        {
            double rest = Math.Pow(1 - confidence, 1.0 / n);
            Assert.Equal(0, ClopperPearson.Lower(new Proportion(0, n), confidence));
            Assert.Equal(1 - rest, ClopperPearson.Upper(new Proportion(0, n), confidence), 1e-8 * (1 - rest));
            Assert.Equal(rest, ClopperPearson.Lower(new Proportion(n, n), confidence), 1e-12);
            Assert.Equal(1, ClopperPearson.Upper(new Proportion(n, n), confidence));
        }

        Assert.Equal(new Interval(0, 1), ClopperPearson.Interval(new Proportion(0, 0), 0.95));
    }

    [Fact]
    public void At_its_bounds_the_binomial_tails_are_alpha()
    {
        foreach ((int k, int n) in new[] { (1, 1), (1, 4), (3, 7), (17, 40), (299, 300) })
        {
            double lower = ClopperPearson.Lower(new Proportion(k, n), 0.95);
            double upper = ClopperPearson.Upper(new Proportion(k - 1, n), 0.95);
            Assert.Equal(0.05, ExactBinomial.Probability(n, lower, x => x >= k), 1e-9);
            Assert.Equal(0.05, ExactBinomial.Probability(n, upper, x => x <= k - 1), 1e-9);
        }
    }

    [Theory]
    [InlineData(1, 0.95)]
    [InlineData(5, 0.90)]
    [InlineData(20, 0.95)]
    [InlineData(50, 0.99)]
    [InlineData(120, 0.95)]
    public void It_covers_every_proportion_at_least_as_often_as_promised(int n, double confidence)
    {
        Proportion[] outcomes = [.. Enumerable.Range(0, n + 1).Select(k => new Proportion(k, n))];
        double[] lower = [.. outcomes.Select(x => ClopperPearson.Lower(x, confidence))];
        double[] upper = [.. outcomes.Select(x => ClopperPearson.Upper(x, confidence))];
        Interval[] both = [.. outcomes.Select(x => ClopperPearson.Interval(x, confidence))];
        // Rounding may cost a bound that hits the grid exactly; nothing else may fall short.
        double promised = confidence - 1e-9;
        foreach (double p in Enumerable.Range(0, 1001).Select(i => i / 1000.0))
        {
            Assert.InRange(ExactBinomial.Probability(n, p, k => lower[k] <= p), promised, 1.000001);
            Assert.InRange(ExactBinomial.Probability(n, p, k => p <= upper[k]), promised, 1.000001);
            Assert.InRange(ExactBinomial.Probability(n, p, k => both[k].Lower <= p && p <= both[k].Upper), promised, 1.000001);
        }
    }
}
