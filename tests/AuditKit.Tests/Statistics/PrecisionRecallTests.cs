using AuditKit.Statistics;

namespace AuditKit.Tests.Statistics;

public sealed class PrecisionRecallTests
{
    [Fact]
    public void A_small_case_is_as_worked_out_by_hand()
    {
        // Found in order: + − + − : precision 1, 1/2, 2/3, 1/2 at recall ½, ½, 1, 1.
        var detector = new PrecisionRecall([1, 3], [2, 4]);
        Assert.Equal([new(1, 1, 0.5), new(2, 0.5, 0.5), new(3, 2 / 3.0, 1), new(4, 0.5, 1)], detector.Points);
        Assert.Equal((0.5 * 1) + (0.5 * 2 / 3), detector.AveragePrecision.Value([]), 1e-12);
        Assert.Equal(0.8, detector.Points.Max(point => point.F1), 1e-12);
    }

    [Fact]
    public void Distances_that_tell_nothing_give_one_half()
        => Assert.Equal(0.5, new PrecisionRecall([1, 1, 1], [1, 1, 1]).AveragePrecision.Value([]), 1e-12);

    [Fact]
    public void A_slow_reference_agrees_and_a_weight_counts_a_unit_several_times()
    {
        var random = CounterRandom.For(3, "distances", 0);
        // Whole numbers, so that there are ties.
        float[] duplicates = [.. Enumerable.Range(0, 80).Select(_ => (float)random.NextInt32(12))];
        float[] different = [.. Enumerable.Range(0, 80).Select(_ => (float)(4 + random.NextInt32(12)))];
        int[] weights = RandomScores.Weights(80);
        int[] units = RandomScores.Repeated(weights);
        double expected = 0, before = 0;
        foreach (float threshold in duplicates.Concat(different).Distinct().Order())
        {
            double found = units.Count(i => duplicates[i] <= threshold);
            double all = found + units.Count(i => different[i] <= threshold);
            expected += all == 0 ? 0 : (found - before) / units.Length * (found / all);
            before = found;
        }

        Assert.Equal(expected, new PrecisionRecall(duplicates, different).AveragePrecision.Value(weights), 1e-12);
    }
}
