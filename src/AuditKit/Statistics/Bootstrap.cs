namespace AuditKit.Statistics;

/// <summary>
/// The bootstrap over independent units (Efron 1979), for statistics that are no mean of the units. Seeded: the same
/// units in the same order give the same replicates, whatever the number of threads.
/// </summary>
public static class Bootstrap
{
    /// <summary>Resamples drawn.</summary>
    public const int Resamples = 1000;

    /// <summary>Estimates statistics of the same units from the same resamples.</summary>
    /// <param name="count">Units n, at least 1.</param>
    /// <param name="seed">The audit's seed.</param>
    /// <param name="purpose">What the resamples are for: another purpose, other draws.</param>
    /// <param name="statistics">Called from several threads.</param>
    public static BootstrapEstimate[] Estimate(int count, long seed, string purpose, params BootstrapStatistic[] statistics)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentNullException.ThrowIfNull(statistics);
        double[][] replicates = [.. statistics.Select(_ => new double[Resamples])];
        double[]?[] deviations = [.. statistics.Select(statistic => statistic.Deviation is null ? null : new double[Resamples])];
        Parallel.For(0, Resamples, () => new int[count], (resample, _, weights) =>
        {
            Array.Clear(weights);
            var random = CounterRandom.For(seed, $"bootstrap/{purpose}", resample);
            for (int i = 0; i < count; i++)
            {
                weights[random.NextInt32(count)]++;
            }

            for (int s = 0; s < statistics.Length; s++)
            {
                replicates[s][resample] = statistics[s].Value(weights);
                deviations[s]?[resample] = statistics[s].Deviation!(weights);
            }

            return weights;
        }, _ => { });
        return [.. statistics.Select((statistic, s) => new BootstrapEstimate(statistic.Value([]), count, replicates[s], deviations[s]))];
    }
}
