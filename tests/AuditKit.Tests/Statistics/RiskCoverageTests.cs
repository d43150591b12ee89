using AuditKit.Statistics;

namespace AuditKit.Tests.Statistics;

public sealed class RiskCoverageTests
{
    [Fact]
    public void Without_ties_it_is_the_mean_error_rate_of_the_surest()
    {
        float[] confidence = [0.6f, 0.9f, 0.7f, 0.8f];
        bool[] wrong = [true, false, true, false];
        var risk = new RiskCoverage(confidence, wrong);
        Assert.Equal([0, 0, 1 / 3.0, 2 / 4.0], Enumerable.Range(1, 4).Select(risk.Risk));
        Assert.Equal((0 + 0 + (1 / 3.0) + 0.5) / 4, risk.Area.Value([]), 1e-12);
    }

    [Fact]
    public void With_ties_it_is_the_mean_over_all_orders()
    {
        float[] confidence = [0.9f, 0.7f, 0.7f, 0.7f, 0.5f];
        bool[] wrong = [true, true, false, false, true];
        int[][] orders = [[1, 2, 3], [1, 3, 2], [2, 1, 3], [2, 3, 1], [3, 1, 2], [3, 2, 1]];
        double[] expected = new double[5];
        foreach (int[] middle in orders)
        {
            int[] order = [0, .. middle, 4];
            for (int n = 1; n <= 5; n++)
            {
                expected[n - 1] += order.Take(n).Count(i => wrong[i]) / (double)n / orders.Length;
            }
        }

        var risk = new RiskCoverage(confidence, wrong);
        Assert.Equal(expected, Enumerable.Range(1, 5).Select(risk.Risk), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal(expected.Average(), risk.Area.Value([]), 1e-12);
    }

    [Fact]
    public void Confidence_that_says_nothing_leaves_the_error_rate()
    {
        var risk = new RiskCoverage([.. Enumerable.Repeat(0.5f, 10)], [.. Enumerable.Range(0, 10).Select(i => i < 3)]);
        Assert.Equal(0.3, risk.Area.Value([]), 1e-12);
        Assert.Equal(0.3, risk.Risk(1), 1e-12);
    }

    [Fact]
    public void A_weight_counts_a_unit_several_times()
    {
        ClassScores scores = RandomScores.Make(100, 3);
        float[] confidence = [.. Enumerable.Range(0, 100).Select(i => MathF.Round(scores.Confidence(i), 1))];
        bool[] wrong = [.. Enumerable.Range(0, 100).Select(i => !scores.IsCorrect(i))];
        int[] weights = RandomScores.Weights(100);
        int[] repeated = RandomScores.Repeated(weights);
        double expected = new RiskCoverage([.. repeated.Select(i => confidence[i])], [.. repeated.Select(i => wrong[i])]).Area.Value([]);
        Assert.Equal(expected, new RiskCoverage(confidence, wrong).Area.Value(weights), 1e-12);
    }
}
