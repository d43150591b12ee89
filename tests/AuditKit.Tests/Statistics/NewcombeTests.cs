using AuditKit.Statistics;

namespace AuditKit.Tests.Statistics;

public sealed class NewcombeTests
{
    // Newcombe 1998, Statistics in Medicine 17:873–890, table II, method 10: 95 % intervals of eight contrasts.
    [Theory]
    [InlineData(56, 70, 48, 80, 0.0524, 0.3339)]
    [InlineData(9, 10, 3, 10, 0.1705, 0.8090)]
    [InlineData(6, 7, 2, 7, 0.0582, 0.8062)]
    [InlineData(5, 56, 0, 29, -0.0381, 0.1926)]
    [InlineData(0, 10, 0, 20, -0.1611, 0.2775)]
    [InlineData(0, 10, 0, 10, -0.2775, 0.2775)]
    [InlineData(10, 10, 0, 20, 0.6791, 1.0)]
    [InlineData(10, 10, 0, 10, 0.6075, 1.0)]
    public void The_published_intervals_are_met(int a, int m, int b, int n, double lower, double upper)
    {
        Interval interval = Newcombe.Interval(new(a, m), new(b, n), 0.95);
        Assert.Equal(lower, interval.Lower, 0.00005);
        Assert.Equal(upper, interval.Upper, 0.00005);
    }

    [Fact]
    public void Swapping_the_samples_turns_the_interval_round()
    {
        Interval one = Newcombe.Interval(new(30, 41), new(7, 19), 0.9);
        Interval other = Newcombe.Interval(new(7, 19), new(30, 41), 0.9);
        Assert.Equal(one.Lower, -other.Upper, 1e-12);
        Assert.Equal(one.Upper, -other.Lower, 1e-12);
    }

    [Fact]
    public void An_empty_sample_says_nothing()
        => Assert.Equal(new Interval(-1, 1), Newcombe.Interval(new(0, 0), new(3, 4), 0.95));

    // Exact coverage over all outcomes of two binomial samples.
    [Theory]
    [InlineData(0.9, 0.7, 40, 25)]
    [InlineData(0.95, 0.95, 60, 60)]
    [InlineData(0.6, 0.4, 30, 50)]
    public void The_difference_is_covered_about_as_often_as_promised(double p1, double p2, int m, int n)
    {
        double covered = 0;
        for (int a = 0; a <= m; a++)
        {
            for (int b = 0; b <= n; b++)
            {
                Interval interval = Newcombe.Interval(new(a, m), new(b, n), 0.95);
                bool inside = interval.Lower <= p1 - p2 && p1 - p2 <= interval.Upper;
                covered += inside ? MathNet.Numerics.Distributions.Binomial.PMF(p1, m, a) * MathNet.Numerics.Distributions.Binomial.PMF(p2, n, b) : 0;
            }
        }

        Assert.InRange(covered, 0.93, 0.985);
    }
}
