using AuditKit.Statistics;

namespace AuditKit.Tests.Statistics;

public sealed class QuantileTests
{
    [Fact]
    public void Median_and_quartiles_of_few_values_are_values_themselves()
    {
        double[] queries = [40, 10, 30, 20];
        Assert.Equal(10, Quantile.Censored(queries, 0, 0.25));
        Assert.Equal(20, Quantile.Censored(queries, 0, 0.5));
        Assert.Equal(30, Quantile.Censored(queries, 0, 0.75));
        Assert.Equal(40, Quantile.Censored(queries, 0, 1));
    }

    [Fact]
    public void A_quantile_among_censored_units_is_unknown()
    {
        Assert.Equal(20, Quantile.Censored([10, 20], 2, 0.5));
        Assert.Null(Quantile.Censored([10, 20], 2, 0.51));
        Assert.Null(Quantile.Censored([10, 20], 3, 0.5));
        Assert.Null(Quantile.Censored([], 5, 0.1));
        Assert.Null(Quantile.Censored([], 0, 0.5));
    }

    [Fact]
    public void It_is_the_smallest_value_that_enough_units_reach()
    {
        CounterRandom random = CounterRandom.For(1, "quantile", 0);
        for (int trial = 0; trial < 300; trial++)
        {
            double[] observed = [.. Enumerable.Range(0, random.NextInt32(12)).Select(_ => (double)random.NextInt32(20))];
            int censored = random.NextInt32(5);
            int percent = 1 + random.NextInt32(100);
            double? expected = observed.Order().Cast<double?>().FirstOrDefault(
                value => 100 * observed.Count(x => x <= value) >= percent * (observed.Length + censored));
            Assert.Equal(expected, Quantile.Censored(observed, censored, percent / 100.0));
        }
    }
}
