namespace AuditKit.Tests;

public sealed class CounterRandomFillTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 32)]
    [InlineData(0, 100)]
    [InlineData(1, 67)]
    [InlineData(3, 64)]
    [InlineData(5, 200)]
    public void A_span_is_filled_with_the_draws_that_single_calls_give(int before, int count)
    {
        CounterRandom single = CounterRandom.For(17, "fill", 1L << 40), filled = CounterRandom.For(17, "fill", 1L << 40);
        for (int i = 0; i < before; i++)
        {
            Assert.Equal(single.NextUInt32(), filled.NextUInt32());
        }

        uint[] bits = new uint[count];
        filled.Fill(bits);
        Assert.Equal(Enumerable.Range(0, count).Select(_ => single.NextUInt32()), bits);
        Assert.Equal(single.NextUInt32(), filled.NextUInt32());
    }

    [Fact]
    public void Uniform_numbers_are_the_upper_bits_between_the_bounds()
    {
        float[] values = new float[77];
        CounterRandom.For(1, "uniform", 0).FillUniform(values, -3, 5);
        var random = CounterRandom.For(1, "uniform", 0);
        Assert.All(values, value => Assert.Equal(-3 + (8 * ((random.NextUInt32() >> 8) / (double)(1 << 24))), value, 1e-6));
    }

    [Fact]
    public void Normal_numbers_are_Box_and_Mullers()
    {
        float[] values = new float[40];
        CounterRandom.For(1, "normal", 0).FillNormal(values, 10, 2);
        var random = CounterRandom.For(1, "normal", 0);
        for (int start = 0; start < values.Length; start += 16)
        {
            uint[] bits = [.. Enumerable.Range(0, 16).Select(_ => random.NextUInt32())];
            for (int i = 0; i < 16 && start + i < values.Length; i++)
            {
                double radius = Math.Sqrt(-2 * Math.Log(((bits[i % 8] >> 8) + 1) / (double)(1 << 24)));
                double angle = 2 * Math.PI * ((bits[8 + (i % 8)] >> 8) / (double)(1 << 24));
                Assert.Equal(10 + (2 * radius * (i < 8 ? Math.Cos(angle) : Math.Sin(angle))), values[start + i], 1e-4);
            }
        }
    }

    [Fact]
    public void Normal_numbers_have_the_moments_of_a_normal_variable()
    {
        const int n = 400_000;
        float[] values = new float[n];
        CounterRandom.For(1, "moments", 0).FillNormal(values, 0, 1);
        double Moment(int power) => values.Average(value => Math.Pow(value, power));

        // The variance of z^k's mean is (E z^2k − (E z^k)²) / n: 1, 2, 15 and 96.
        Assert.InRange(Moment(1), -5 * Math.Sqrt(1.0 / n), 5 * Math.Sqrt(1.0 / n));
        Assert.InRange(Moment(2), 1 - (5 * Math.Sqrt(2.0 / n)), 1 + (5 * Math.Sqrt(2.0 / n)));
        Assert.InRange(Moment(3), -5 * Math.Sqrt(15.0 / n), 5 * Math.Sqrt(15.0 / n));
        Assert.InRange(Moment(4), 3 - (5 * Math.Sqrt(96.0 / n)), 3 + (5 * Math.Sqrt(96.0 / n)));
    }
}
