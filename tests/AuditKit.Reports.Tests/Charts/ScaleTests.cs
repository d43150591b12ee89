using AuditKit.Reports.Charts;

namespace AuditKit.Reports.Tests.Charts;

public class ScaleTests
{
    [Fact]
    public void Ticks_are_round_numbers_over_the_range()
    {
        Assert.Equal([0, 0.2, 0.4, 0.6, 0.8, 1], Scale.Linear([0.31, 0.97], fromZero: true, limit: 1).Ticks);
        Assert.Equal([-0.02, 0, 0.02, 0.04, 0.06, 0.08], Scale.Linear([-0.011, 0.08], fromZero: true).Ticks);
        Assert.Equal([0, 2, 4, 6, 8], Scale.Linear([0, 8], fromZero: false).Ticks);
        Assert.Equal([1, 10, 100, 1000], Scale.Logarithmic([1, 1000]).Ticks);
        Assert.Equal([1, 3, 10, 30], Scale.Logarithmic([1, 40]).Ticks);
    }

    [Fact]
    public void Proportions_never_reach_beyond_all()
    {
        Scale scale = Scale.Linear([0, 0.93], fromZero: true, intervals: 4, limit: 1);
        Assert.Equal(1, scale.At(1));
        Assert.Equal(0.5, scale.At(0.5), 12);
    }

    [Fact]
    public void Any_values_lie_on_their_axis_in_order()
    {
        var random = new Random(7);
        for (int trial = 0; trial < 2000; trial++)
        {
            double size = Math.Pow(10, random.Next(-12, 13));
            double[] values = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => (random.NextDouble() - (trial % 2 * 0.5)) * size).Order()];
            Scale scale = Scale.Linear(values, fromZero: trial % 3 == 0, intervals: random.Next(2, 9));
            double[] places = [.. values.Select(scale.At)];
            Assert.Equal(places.Order(), places);
            Assert.InRange(scale.Ticks.Count, 1, 30);
            Assert.Equal(scale.Ticks.Order().Distinct(), scale.Ticks);
            // Nothing was clamped: going one step back from the place gives the value again.
            (double from, double to) = (scale.Ticks[0], scale.Ticks[^1]);
            Assert.All(values.Zip(places), pair
                => Assert.Equal(pair.First, from + ((pair.Second - scale.At(from)) / (scale.At(to) - scale.At(from)) * (to - from)), size * 1e-6));
        }
    }

    [Fact]
    public void A_logarithmic_axis_gives_equal_room_to_equal_factors()
    {
        Scale scale = Scale.Logarithmic([1, 10, 100]);
        Assert.Equal(0.5, scale.At(10), 12);
        Assert.Equal(scale.At(20) - scale.At(2), scale.At(50) - scale.At(5), 12);
    }

    [Theory]
    [InlineData(new double[0])]
    [InlineData(new[] { double.NaN })]
    [InlineData(new[] { 0.0 })]
    [InlineData(new[] { 5.0, 5.0 })]
    [InlineData(new[] { -3.0 })]
    [InlineData(new[] { 0.0, double.PositiveInfinity })]
    public void Nothing_to_measure_still_gives_an_axis(double[] values)
    {
        foreach (Scale scale in (Scale[])[Scale.Linear(values, true), Scale.Linear(values, false), Scale.Logarithmic(values)])
        {
            Assert.NotEmpty(scale.Ticks);
            Assert.All(scale.Ticks, tick => Assert.InRange(scale.At(tick), 0, 1));
        }
    }
}
