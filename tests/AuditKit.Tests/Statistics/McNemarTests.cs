using AuditKit.Statistics;

namespace AuditKit.Tests.Statistics;

public sealed class McNemarTests
{
    // scipy 1.10: binomtest(min(b, c), b + c, 0.5).pvalue
    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(3, 3, 1)]
    [InlineData(1, 9, 0.021484375)]
    [InlineData(9, 1, 0.021484375)]
    [InlineData(25, 4, 0.00010371580719947815)]
    [InlineData(150, 86, 3.715936139571387e-05)]
    [InlineData(0, 20, 1.9073486328125e-06)]
    public void It_agrees_with_scipy(int onlyFirst, int onlySecond, double expected)
        => Assert.Equal(expected, McNemar.Test(onlyFirst, onlySecond), 1e-10 * expected);

    [Fact]
    public void It_rejects_a_true_hypothesis_at_most_as_often_as_its_level_says()
    {
        foreach (int differing in new[] { 5, 20, 101 })
        {
            Assert.InRange(ExactBinomial.Probability(differing, 0.5, b => McNemar.Test(b, differing - b) <= 0.05), 0, 0.05);
        }
    }
}
