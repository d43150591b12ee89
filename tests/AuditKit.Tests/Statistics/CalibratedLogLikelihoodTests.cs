using AuditKit.Statistics;

namespace AuditKit.Tests.Statistics;

public sealed class CalibratedLogLikelihoodTests
{
    [Fact]
    public void A_wrong_temperature_is_not_held_against_a_model()
    {
        ClassScores scores = RandomScores.Make(400, 4);
        double[] expected = CalibratedLogLikelihood.Of(scores, seed: 5);
        double[] scaled = CalibratedLogLikelihood.Of(Transformed(scores, (_, z) => 8 * z), seed: 5);
        Assert.Equal(expected, scaled, (a, b) => Math.Abs(a - b) < 1e-5);
        // The model's own likelihood suffers.
        Assert.True(Transformed(scores, (_, z) => 8 * z).LogLikelihood(0) != scores.LogLikelihood(0));
        Assert.NotEqual(expected, CalibratedLogLikelihood.Of(scores, seed: 6));
    }

    [Fact]
    public void Each_unit_is_judged_by_a_temperature_that_the_other_half_gave()
    {
        // Of two units each is the other's half. The first is right by 1, so the second is judged at the least
        // temperature; the second is wrong by 3, so the first is judged at the largest.
        var scores = new ClassScores(2, [0, 1], [1, 0, 3, 0]);
        double[] likelihood = CalibratedLogLikelihood.Of(scores, seed: 1);
        Assert.Equal(-Math.Log(1 + Math.Exp(-1 / Temperature.Largest)), likelihood[0], 1e-6);
        Assert.Equal(-3 / Temperature.Least, likelihood[1], 1e-3);
    }

    [Fact]
    public void It_is_the_mean_over_five_splits_both_ways()
    {
        ClassScores scores = RandomScores.Make(31, 3);
        double[] expected = new double[31];
        for (int split = 0; split < 5; split++)
        {
            int[] order = [.. Enumerable.Range(0, 31)];
            CounterRandom.For(9, "calibrated-log-likelihood", split).Shuffle(order);
            foreach ((int[] fitted, int[] judged) in new[] { (order[..15], order[15..]), (order[15..], order[..15]) })
            {
                double temperature = Temperature.Fit(scores, fitted);
                foreach (int unit in judged)
                {
                    double[] exponentials = [.. scores.Logits(unit).ToArray().Select(z => Math.Exp(z / temperature))];
                    expected[unit] += Math.Log(exponentials[scores.Label(unit)] / exponentials.Sum()) / 5;
                }
            }
        }

        Assert.Equal(expected, CalibratedLogLikelihood.Of(scores, 9), (a, b) => Math.Abs(a - b) < 1e-9);
    }

    private static ClassScores Transformed(ClassScores scores, Func<int, float, float> change) => new(
        scores.Classes,
        [.. Enumerable.Range(0, scores.Count).Select(scores.Label)],
        [.. Enumerable.Range(0, scores.Count).SelectMany(i => scores.Logits(i).ToArray().Select(z => change(i, z)))]);
}
