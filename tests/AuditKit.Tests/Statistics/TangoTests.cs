using AuditKit.Statistics;

namespace AuditKit.Tests.Statistics;

public sealed class TangoTests
{
    // Airway hyper-responsiveness of 21 children, 1 and 7 discordant: Fagerland, Lydersen and Laake, Statistics in
    // Medicine 33 (2014) 2850–2875, print −0.517 to −0.026.
    [Fact]
    public void It_gives_the_published_interval()
    {
        Interval interval = Tango.Interval(1, 7, 21, 0.95);
        Assert.Equal(-0.517, interval.Lower, 3);
        Assert.Equal(-0.026, interval.Upper, 3);
    }

    [Fact]
    public void Where_no_image_differs_it_has_its_closed_form()
    {
        const double Z2 = 1.959963984540054 * 1.959963984540054;
        foreach (int n in new[] { 1, 44, 60_000 })
        {
            Interval interval = Tango.Interval(0, 0, n, 0.95);
            Assert.Equal(Z2 / (n + Z2), interval.Upper, 1e-9);
            Assert.Equal(-interval.Upper, interval.Lower, 1e-9);
        }
    }

    [Theory]
    [InlineData(1, 7, 21)]
    [InlineData(12, 2, 50)]
    [InlineData(40, 20, 160)]
    [InlineData(0, 3, 44)]
    [InlineData(430, 310, 10_000)]
    public void Its_ends_are_where_the_score_test_under_the_likeliest_nuisance_just_rejects(int b, int c, int n)
    {
        Interval interval = Tango.Interval(b, c, n, 0.95);
        Assert.All([interval.Lower, interval.Upper], end => Assert.Equal(1.959963984540054, Math.Abs(Score(end)), 1e-5));

        // z(Δ) with q found by search instead of by the quadratic equation.
        double Score(double difference)
        {
            double q = Likeliest(Math.Max(0, -difference), (1 - difference) / 2, difference);
            return (b - c - (n * difference)) / Math.Sqrt(n * ((2 * q) + (difference * (1 - difference))));
        }

        double Likeliest(double low, double high, double difference)
        {
            double Likelihood(double q) => Term(b, q + difference) + Term(c, q) + Term(n - b - c, 1 - (2 * q) - difference);
            static double Term(int count, double p) => count == 0 ? 0 : count * Math.Log(p);
            for (int i = 0; i < 200; i++)
            {
                double third = (high - low) / 3;
                (low, high) = Likelihood(low + third) < Likelihood(high - third) ? (low + third, high) : (low, high - third);
            }

            return (low + high) / 2;
        }
    }

    [Fact]
    public void It_stays_in_range_contains_the_estimate_and_turns_round_with_its_arguments()
    {
        for (int b = 0; b <= 12; b++)
        {
            for (int c = 0; b + c <= 12; c++)
            {
                Interval interval = Tango.Interval(b, c, 12, 0.95);
                Assert.InRange((b - c) / 12.0, interval.Lower, interval.Upper);
                Assert.InRange(interval.Lower, -1, 1);
                Assert.InRange(interval.Upper, -1, 1);
                Interval turned = Tango.Interval(c, b, 12, 0.95);
                Assert.Equal(-interval.Upper, turned.Lower, 1e-7);
                Assert.Equal(-interval.Lower, turned.Upper, 1e-7);
            }
        }

        Assert.Equal(new Interval(-1, 1), Tango.Interval(0, 0, 0, 0.95));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tango.Interval(5, 6, 10, 0.95));
    }

    [Fact]
    public void Its_coverage_is_close_to_nominal()
    {
        const int N = 40;
        Interval[,] intervals = new Interval[N + 1, N + 1];
        for (int b = 0; b <= N; b++)
        {
            for (int c = 0; b + c <= N; c++)
            {
                intervals[b, c] = Tango.Interval(b, c, N, 0.95);
            }
        }

        foreach ((double first, double second) in new[] { (0.1, 0.1), (0.15, 0.05), (0.3, 0.2), (0.05, 0.02) })
        {
            double coverage = 0;
            double[] differing = ExactBinomial.Probabilities(N, first + second);
            for (int m = 0; m <= N; m++)
            {
                coverage += differing[m] * ExactBinomial.Probability(m, first / (first + second), b =>
                    intervals[b, m - b].Lower <= first - second && first - second <= intervals[b, m - b].Upper);
            }

            Assert.InRange(coverage, 0.93, 0.99);
        }
    }
}
