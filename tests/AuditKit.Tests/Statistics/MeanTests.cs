using AuditKit.Statistics;

namespace AuditKit.Tests.Statistics;

public sealed class MeanTests
{
    // scipy 1.10: numpy mean and std(ddof=1), t.ppf(.975, 5) * s / sqrt(6)
    [Fact]
    public void It_agrees_with_scipy()
    {
        Mean mean = Mean.Of([2.1, 3.4, 1.9, 5.6, 4.4, 2.2]);
        Assert.Equal(3.266666666666666, mean.Value, 1e-12);
        Assert.Equal(1.490861048745545, mean.Deviation, 1e-12);
        Interval interval = mean.Interval(0.95)!.Value;
        Assert.Equal(1.7021039473848767, interval.Lower, 1e-9);
        Assert.Equal(4.831229385948456, interval.Upper, 1e-9);
    }

    // scipy 1.10: t.ppf(.975, n - 1)
    [Theory]
    [InlineData(2, 12.706204736432095)]
    [InlineData(5, 2.7764451051977987)]
    [InlineData(60_000, 1.9600035238369327)]
    public void Its_half_width_is_students_t(int n, double t)
    {
        Interval interval = new Mean(0, Math.Sqrt(n), n).Interval(0.95)!.Value;
        Assert.Equal(t, interval.Upper, 1e-8 * t);
        Assert.Equal(-t, interval.Lower, 1e-8 * t);
        Assert.Equal(0, new Mean(0, 1, n).Interval(0)!.Value.Upper, 1e-100);
    }

    [Fact]
    public void It_is_exact_far_from_zero()
    {
        Mean mean = Mean.Of([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16]);
        Assert.Equal(1e9 + 10, mean.Value);
        Assert.Equal(Math.Sqrt(30), mean.Deviation, 1e-9);
    }

    [Fact]
    public void Fewer_than_two_values_have_no_interval_and_no_value_may_be_nan()
    {
        Assert.Null(Mean.Of([]).Interval(0.95));
        Assert.Null(Mean.Of([1]).Interval(0.95));
        Assert.Throws<ArgumentException>(() => Mean.Of([1, double.NaN]));
    }

    [Fact]
    public void It_covers_the_truth_as_often_as_promised()
    {
        int covered = 0;
        for (int trial = 0; trial < 4000; trial++)
        {
            CounterRandom random = CounterRandom.For(1, "mean", trial);
            Interval interval = Mean.Of(Enumerable.Range(0, 5).Select(_ => 3 + (2 * random.NextNormal()))).Interval(0.9)!.Value;
            covered += interval.Lower <= 3 && 3 <= interval.Upper ? 1 : 0;
        }

        // 0.9 ± four standard deviations of the simulation.
        Assert.InRange(covered / 4000.0, 0.881, 0.919);
    }
}
