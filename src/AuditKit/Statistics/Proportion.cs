namespace AuditKit.Statistics;

/// <summary>How many of n independent units (source images) had a property.</summary>
public readonly record struct Proportion
{
    /// <summary>A count out of a count.</summary>
    /// <param name="successes">Units with the property, 0 … <paramref name="count"/>.</param>
    /// <param name="count">Units n, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative, or the first is larger than the second.</exception>
    public Proportion(int successes, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, count);
        (Successes, Count) = (successes, count);
    }

    /// <summary>Counts what is true.</summary>
    public static Proportion Of(IEnumerable<bool> units)
    {
        (int successes, int count) = (0, 0);
        foreach (bool unit in units)
        {
            count++;
            successes += unit ? 1 : 0;
        }

        return new Proportion(successes, count);
    }

    /// <summary>Units with the property.</summary>
    public int Successes { get; }

    /// <summary>Units n.</summary>
    public int Count { get; }

    /// <summary>Successes / n; null where n = 0.</summary>
    public double? Estimate => Count == 0 ? null : (double)Successes / Count;
}
