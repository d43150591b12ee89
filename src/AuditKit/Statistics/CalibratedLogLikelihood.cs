namespace AuditKit.Statistics;

/// <summary>
/// The log-likelihood that is left when a wrong temperature is no longer held against a model (Ashukha et al.,
/// Pitfalls of In-Domain Uncertainty Estimation and Ensembling, ICLR 2020): the temperature is fitted on one half of
/// the units and the other half is judged, both ways, over several random splits.
/// </summary>
public static class CalibratedLogLikelihood
{
    /// <summary>Random splits into halves.</summary>
    public const int Splits = 5;

    /// <summary>The held-out log-likelihood of every unit, averaged over the splits: each unit is judged once in each.</summary>
    /// <param name="scores">The scores, of two units or more.</param>
    /// <param name="seed">The seed of the splits.</param>
    /// <param name="cancellation">Stops between two steps of fitting a temperature.</param>
    public static double[] Of(ClassScores scores, long seed, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(scores);
        double[] likelihood = new double[scores.Count];
        int[] order = new int[scores.Count];
        for (int split = 0; split < Splits; split++)
        {
            for (int i = 0; i < order.Length; i++)
            {
                order[i] = i;
            }

            CounterRandom.For(seed, "calibrated-log-likelihood", split).Shuffle(order);
            var (first, second) = (new ArraySegment<int>(order, 0, order.Length / 2), order[(order.Length / 2)..]);
            AddLikelihoods(second, Temperature.Fit(scores, first, cancellation));
            AddLikelihoods(first, Temperature.Fit(scores, second, cancellation));
        }

        return likelihood;

        void AddLikelihoods(IEnumerable<int> units, double temperature)
        {
            foreach (int unit in units)
            {
                likelihood[unit] += Temperature.LogLikelihood(scores, unit, temperature) / Splits;
            }
        }
    }
}
