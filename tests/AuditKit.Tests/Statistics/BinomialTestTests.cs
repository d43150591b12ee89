using AuditKit.Statistics;

namespace AuditKit.Tests.Statistics;

public sealed class BinomialTestTests
{
    // scipy 1.10: binomtest(k, n, p, alternative='less').pvalue
    [Theory]
    [InlineData(8, 10, 0.9, 0.2639010708999999)]
    [InlineData(650, 1000, 0.7, 0.0003738701054403993)]
    [InlineData(41000, 60000, 0.69, 0.00021566835702454146)]
    [InlineData(0, 5, 0.5, 0.03125)]
    [InlineData(5, 5, 0.5, 1)]
    [InlineData(10, 1000, 0.05, 2.7977985614855385e-12)]
    [InlineData(0, 0, 0.5, 1)]
    [InlineData(3, 5, 1, 0)]
    [InlineData(3, 5, 0, 1)]
    public void It_agrees_with_scipy(int successes, int count, double limit, double expected)
        => Assert.Equal(expected, BinomialTest.AtLeast(new Proportion(successes, count), limit), 1e-8 * expected);

    [Fact]
    public void It_sums_the_tail()
    {
        foreach (double p in new[] { 0.01, 0.3, 0.5, 0.92 })
        {
            for (int k = 0; k <= 30; k++)
            {
                Assert.Equal(ExactBinomial.Probability(30, p, x => x <= k), BinomialTest.AtLeast(new Proportion(k, 30), p), 1e-12);
            }
        }
    }
}
