using AuditKit.Statistics;

namespace AuditKit.Tests.Statistics;

public sealed class HolmTests
{
    // R: p.adjust(c(.01, .04, .03, .005), "holm")
    [Fact]
    public void It_adjusts_as_R_does()
    {
        double[] adjusted = Holm.Adjust([0.01, 0.04, 0.03, 0.005]);
        double[] expected = [0.03, 0.06, 0.06, 0.02];
        Assert.All(adjusted.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-15));
        Assert.Empty(Holm.Adjust([]));
        Assert.Equal([0.04], Holm.Adjust([0.04]));
    }

    [Fact]
    public void Rejecting_by_adjusted_values_is_the_step_down_procedure()
    {
        CounterRandom random = CounterRandom.For(1, "holm", 0);
        for (int trial = 0; trial < 500; trial++)
        {
            double[] raw = [.. Enumerable.Range(0, 1 + random.NextInt32(8)).Select(_ => Math.Round(random.NextDouble() * 0.1, 2))];
            double[] adjusted = Holm.Adjust(raw);

            // As Holm writes it: compare the smallest with α/m, the next with α/(m − 1), and stop at the first failure.
            const double Alpha = 0.0505;
            int[] order = [.. Enumerable.Range(0, raw.Length).OrderBy(i => raw[i])];
            int rejected = order.TakeWhile((index, rank) => raw[index] <= Alpha / (raw.Length - rank)).Count();
            Assert.Equal(order.Take(rejected).Order(), Enumerable.Range(0, raw.Length).Where(i => adjusted[i] <= Alpha));
        }
    }
}
