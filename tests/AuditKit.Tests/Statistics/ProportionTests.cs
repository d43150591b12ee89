using AuditKit.Statistics;

namespace AuditKit.Tests.Statistics;

public sealed class ProportionTests
{
    [Fact]
    public void It_counts_and_estimates()
    {
        Assert.Equal(new Proportion(2, 3), Proportion.Of([true, false, true]));
        Assert.Equal(2.0 / 3, new Proportion(2, 3).Estimate);
        Assert.Null(Proportion.Of([]).Estimate);
    }

    [Theory]
    [InlineData(-1, 3)]
    [InlineData(4, 3)]
    [InlineData(0, -1)]
    public void Impossible_counts_are_refused(int successes, int count)
        => Assert.Throws<ArgumentOutOfRangeException>(() => new Proportion(successes, count));
}
