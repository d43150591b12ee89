namespace AuditKit.Statistics;

/// <summary>Quantiles of counts that were cut off at a budget, such as queries until an attack succeeds.</summary>
public static class Quantile
{
    /// <summary>
    /// The smallest observed value that at least a share <paramref name="q"/> of all units reach: the inverse of the
    /// empirical distribution function, which needs no interpolation between an observed and a censored unit.
    /// </summary>
    /// <param name="observed">Values of the units that were observed to their end, in any order.</param>
    /// <param name="censored">Number of units known only to lie beyond every budget.</param>
    /// <param name="q">The share, in (0, 1].</param>
    /// <returns>Null where the quantile lies among the censored units, or there are no units.</returns>
    public static double? Censored(IEnumerable<double> observed, int censored, double q)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(censored);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(q);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(q, 1);
        double[] sorted = [.. observed.Order()];
        // A share such as 0.7 is a little off its decimal value; 0.7 of 10 units is 7 units all the same.
        int rank = (int)Math.Ceiling((q * (sorted.Length + censored)) - 1e-9);
        return rank >= 1 && rank <= sorted.Length ? sorted[rank - 1] : null;
    }
}
