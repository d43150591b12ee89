namespace AuditKit.Tests;

public sealed class CounterRandomTests
{
    // Known-answer vectors published with Random123 (kat_vectors, philox4x32 with 10 rounds).
    [Theory]
    [InlineData(
        new uint[] { 0, 0, 0, 0, 0, 0 },
        new uint[] { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 })]
    [InlineData(
        new uint[] { 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff },
        new uint[] { 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd })]
    [InlineData(
        new uint[] { 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0 },
        new uint[] { 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 })]
    public void Philox_gives_the_published_answers(uint[] input, uint[] expected)
    {
        uint[] block = new uint[4];
        CounterRandom.Philox(input[0], input[1], input[2], input[3], input[4], input[5], block);
        Assert.Equal(expected, block);
    }

    // By an independent implementation in Python: SHA-256 of "seed/purpose" gives the key, the index the upper
    // half of the counter. If this changes, no earlier audit can be repeated.
    [Fact]
    public void The_draws_of_an_image_under_a_condition_never_change()
    {
        CounterRandom random = CounterRandom.For(20261121, "stability/crop-2", (5L << 32) + 7);
        uint[] expected = [0xb4b6b0d1, 0x8d3ec07b, 0xf37970e4, 0x24eee3f1, 0x7e9c600d, 0xf9a54bd6];
        Assert.Equal(expected, expected.Select(_ => random.NextUInt32()));
    }

    [Fact]
    public void Seed_purpose_and_index_each_give_other_draws()
    {
        uint[] first =
        [
            CounterRandom.For(1, "a", 0).NextUInt32(), CounterRandom.For(2, "a", 0).NextUInt32(),
            CounterRandom.For(1, "b", 0).NextUInt32(), CounterRandom.For(1, "a", 1).NextUInt32(),
            CounterRandom.For(1, "a", 1L << 32).NextUInt32(), CounterRandom.For(-1, "a", 0).NextUInt32(),
        ];
        Assert.Equal(first.Length, first.Distinct().Count());
    }

    [Fact]
    public void Every_bit_is_set_half_of_the_time()
    {
        const int Draws = 100_000;
        CounterRandom random = CounterRandom.For(1, "bits", 0);
        int[] set = new int[32];
        for (int i = 0; i < Draws; i++)
        {
            uint draw = random.NextUInt32();
            for (int bit = 0; bit < 32; bit++)
            {
                set[bit] += (int)(draw >> bit) & 1;
            }
        }

        // Five standard deviations of a fair coin.
        Assert.All(set, count => Assert.InRange(count, (Draws / 2) - (2.5 * Math.Sqrt(Draws)), (Draws / 2) + (2.5 * Math.Sqrt(Draws))));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(784)]
    public void Bounded_integers_are_uniform(int bound)
    {
        CounterRandom random = CounterRandom.For(1, "bounded", bound);
        AssertUniform(bound, 200 * bound, () => random.NextInt32(bound));
    }

    [Fact]
    public void Large_bounds_have_no_modulo_bias()
    {
        // 2³² is 2⅔ times this bound: without rejection one number in three would come up a third less often.
        CounterRandom random = CounterRandom.For(1, "bias", 0);
        AssertUniform(3, 30_000, () => random.NextInt32(0x60000000) % 3);
        Assert.Throws<ArgumentOutOfRangeException>(() => random.NextInt32(0));
    }

    [Fact]
    public void First_draws_of_neighbouring_images_are_uniform_and_uncorrelated()
    {
        const int Images = 20_000;
        int next = 0;
        AssertUniform(100, Images, () => (int)(100 * CounterRandom.For(1, "images", next++).NextDouble()));
        double[] first = [.. Enumerable.Range(0, Images + 1).Select(i => CounterRandom.For(1, "images", i).NextDouble())];
        Assert.InRange(Correlation(first[..^1], first[1..]), -5 / Math.Sqrt(Images), 5 / Math.Sqrt(Images));
        double[] other = [.. Enumerable.Range(0, Images + 1).Select(i => CounterRandom.For(2, "images", i).NextDouble())];
        Assert.InRange(Correlation(first, other), -5 / Math.Sqrt(Images), 5 / Math.Sqrt(Images));
    }

    [Fact]
    public void Doubles_lie_in_the_half_open_unit_interval_and_fill_it()
    {
        CounterRandom random = CounterRandom.For(1, "doubles", 0);
        double[] draws = [.. Enumerable.Range(0, 100_000).Select(_ => random.NextDouble())];
        Assert.All(draws, draw => Assert.InRange(draw, 0, Math.BitDecrement(1.0)));
        int next = 0;
        AssertUniform(1000, draws.Length, () => (int)(1000 * draws[next++]));
    }

    [Fact]
    public void Normal_numbers_have_the_normal_distribution()
    {
        const int Draws = 100_000;
        CounterRandom random = CounterRandom.For(1, "normal", 0);
        double[] sorted = [.. Enumerable.Range(0, Draws).Select(_ => random.NextNormal()).Order()];
        double distance = sorted.Select((x, i) => Math.Abs(MathNet.Numerics.Distributions.Normal.CDF(0, 1, x) - ((i + 0.5) / Draws))).Max();
        // Kolmogorov–Smirnov at p = 0.001.
        Assert.InRange(distance, 0, 1.95 / Math.Sqrt(Draws));
    }

    [Fact]
    public void Every_order_of_a_shuffle_is_equally_likely()
    {
        int next = 0;
        AssertUniform(24, 24 * 500, () =>
        {
            int[] order = [0, 1, 2, 3];
            CounterRandom.For(1, "shuffle", next++).Shuffle(order);
            Assert.Equal([0, 1, 2, 3], order.Order());
            int rank = (6 * order[0]) + (2 * order.Skip(1).Count(x => x < order[1])) + (order[2] > order[3] ? 1 : 0);
            return rank;
        });
    }

    /// <summary>Pearson's chi-squared test, at five standard deviations of its normal approximation.</summary>
    private static void AssertUniform(int cells, int draws, Func<int> draw)
    {
        int[] counts = new int[cells];
        for (int i = 0; i < draws; i++)
        {
            counts[draw()]++;
        }

        double expected = (double)draws / cells;
        double chiSquared = counts.Sum(count => (count - expected) * (count - expected) / expected);
        double freedom = cells - 1;
        Assert.InRange(chiSquared, 0, freedom + (5 * Math.Sqrt(2 * freedom)));
    }

    private static double Correlation(double[] x, double[] y) => MathNet.Numerics.Statistics.Correlation.Pearson(x, y);
}
