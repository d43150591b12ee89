using AuditKit.Statistics;

namespace AuditKit.Tests.Statistics;

public sealed class BootstrapTests
{
    [Fact]
    public void The_replicates_of_a_mean_scatter_as_theory_says()
    {
        // A share of 0.3 among 1000: standard error √(0.3·0.7/1000) = 0.01449, so the interval is 0.3 ± 0.0284.
        Interval interval = Bootstrap.Estimate(1000, 7, "mean", Share(300, 1000))[0].Interval(0.95);
        Assert.Equal(0.3 - 0.0284, interval.Lower, 0.003);
        Assert.Equal(0.3 + 0.0284, interval.Upper, 0.003);
    }

    [Fact]
    public void The_interval_of_a_mean_is_Students_where_units_are_many()
    {
        double[] values = [.. Enumerable.Range(0, 800).Select(i => (2 * CounterRandom.For(3, "value", i).NextNormal()) - 1)];
        Interval student = Mean.Of(values).Interval(0.9)!.Value;
        Interval bootstrap = Bootstrap.OfMean(values, 1, "mean", 0.9);
        Assert.Equal(student.Lower, bootstrap.Lower, 0.02);
        Assert.Equal(student.Upper, bootstrap.Upper, 0.02);
        Assert.Equal(bootstrap, Bootstrap.OfMean(values, 1, "mean", 0.9));
        Assert.Equal(new Interval(-4.5, -4.5), Bootstrap.OfMean([-4.5, -4.5, -4.5], 1, "mean", 0.9));
    }

    [Fact]
    public void The_seed_decides_and_nothing_else()
    {
        Interval Of(long seed, string purpose) => Bootstrap.Estimate(200, seed, purpose, Share(50, 200))[0].Interval(0.9);
        Assert.Equal(Of(1, "a"), Of(1, "a"));
        Assert.NotEqual(Of(1, "a"), Of(2, "a"));
        Assert.NotEqual(Of(1, "a"), Of(1, "b"));
    }

    [Fact]
    public void A_level_beyond_the_resamples_is_claimed_by_no_end()
    {
        BootstrapEstimate share = Bootstrap.Estimate(1000, 7, "mean", Share(300, 1000))[0];
        // A thousand resamples: one of them is 0.1 % on each side.
        Assert.InRange(share.Interval(0.998).Upper, 0.3, 0.4);
        Assert.Equal(new Interval(0, 1), share.Interval(0.999));
    }

    [Theory]
    [InlineData(5, 0.451)]
    [InlineData(300, 0.00994)]
    public void What_never_occurred_is_not_excluded_by_few_units(int count, double upper)
    {
        // One-sided 95 %: 1 − 0.05^(1/n), which is Clopper and Pearson's bound for 0 of n.
        Interval interval = Bootstrap.Estimate(count, 1, "never", Share(0, count))[0].Interval(0.9);
        Assert.Equal(0, interval.Lower);
        Assert.Equal(upper, interval.Upper, 0.0006);
        Assert.Equal(ClopperPearson.Upper(new Proportion(0, count), 0.95), interval.Upper, 1e-9);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    public void The_interval_of_a_calibration_error_holds_the_true_one(double overconfidence)
    {
        // Units claim one of five probabilities and come true less often by a known amount: that is the true error.
        const int Trials = 100;
        int above = 0, below = 0;
        for (int trial = 0; trial < Trials; trial++)
        {
            var random = CounterRandom.For(3, "coverage", trial);
            float[] claimed = [.. Enumerable.Range(0, 200).Select(_ => 0.5f + (0.1f * random.NextInt32(5)))];
            bool[] came = [.. claimed.Select(p => random.NextDouble() < p - overconfidence)];
            Interval interval = Bootstrap.Estimate(200, trial, "ece", CalibrationBins.EqualWidth(claimed, came, 15).Error)[0].Interval(0.9);
            below += interval.Upper < overconfidence ? 1 : 0;
            above += interval.Lower > overconfidence ? 1 : 0;
        }

        // At the ends of a 90 % interval 5 of 100 may miss, with three standard errors of room.
        Assert.InRange(above, 0, 11);
        Assert.InRange(below, 0, 11);
    }

    private static BootstrapStatistic Share(int successes, int count) => new(weights =>
    {
        int sum = 0;
        for (int i = 0; i < successes; i++)
        {
            sum += weights.IsEmpty ? 1 : weights[i];
        }

        return (double)sum / count;
    });
}
