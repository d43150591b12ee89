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
        ArgumentNullException.ThrowIfNull(statistics);
        double[][] replicates = [.. statistics.Select(_ => new double[Resamples])];
        double[]?[] deviations = [.. statistics.Select(statistic => statistic.Deviation is null ? null : new double[Resamples])];
        Resample(count, seed, purpose, (resample, weights) =>
        {
            for (int s = 0; s < statistics.Length; s++)
            {
                replicates[s][resample] = statistics[s].Value(weights);
                deviations[s]?[resample] = statistics[s].Deviation!(weights);
            }
        });
        return [.. statistics.Select((statistic, s) => new BootstrapEstimate(statistic.Value([]), count, replicates[s], deviations[s]))];
    }

    /// <summary>The percentile interval of a mean over units, such as that of a paired difference.</summary>
    /// <param name="values">A value a unit, at least one.</param>
    /// <param name="seed">The audit's seed.</param>
    /// <param name="purpose">What the resamples are for: another purpose, other draws.</param>
    /// <param name="confidence">The nominal coverage 1 − 2α, such as 0.95.</param>
    public static Interval OfMean(IReadOnlyList<double> values, long seed, string purpose, double confidence)
    {
        ArgumentNullException.ThrowIfNull(values);
        double[] replicates = new double[Resamples];
        Resample(values.Count, seed, purpose, (resample, weights) =>
        {
            double sum = 0;
            for (int i = 0; i < weights.Length; i++)
            {
                sum += weights[i] * values[i];
            }

            replicates[resample] = sum / weights.Length;
        });
        Array.Sort(replicates);
        double alpha = (1 - confidence) / 2;
        return new Interval(BootstrapEstimate.Quantile(replicates, alpha), BootstrapEstimate.Quantile(replicates, 1 - alpha));
    }

    private static void Resample(int count, long seed, string purpose, Action<int, int[]> measure)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        Parallel.For(0, Resamples, () => new int[count], (resample, _, weights) =>
        {
            Array.Clear(weights);
            var random = CounterRandom.For(seed, $"bootstrap/{purpose}", resample);
            for (int i = 0; i < count; i++)
            {
                weights[random.NextInt32(count)]++;
            }

            measure(resample, weights);
            return weights;
        }, _ => { });
    }
}
