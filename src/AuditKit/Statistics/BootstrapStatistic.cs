namespace AuditKit.Statistics;

/// <summary>A figure of n units, each counted as often as its weight says. Called from several threads.</summary>
/// <param name="weights">n weights; empty for one each.</param>
public delegate double WeightedFigure(ReadOnlySpan<int> weights);

/// <summary>A statistic in [0, 1] that can be bootstrapped.</summary>
/// <param name="Value">The statistic.</param>
/// <param name="Deviation">
/// For a statistic that is the norm of a vector: the norm of the difference between a resample's vector and that of
/// the units themselves. Null for other statistics.
/// </param>
public sealed record BootstrapStatistic(WeightedFigure Value, WeightedFigure? Deviation = null)
{
    /// <summary>Σ |v_i|.</summary>
    internal static double L1(ReadOnlySpan<double> vector)
    {
        double sum = 0;
        foreach (double component in vector)
        {
            sum += Math.Abs(component);
        }

        return sum;
    }

    /// <summary>Σ |v_i − w_i|.</summary>
    internal static double L1(ReadOnlySpan<double> vector, ReadOnlySpan<double> from)
    {
        double sum = 0;
        for (int i = 0; i < vector.Length; i++)
        {
            sum += Math.Abs(vector[i] - from[i]);
        }

        return sum;
    }
}
