namespace AuditKit.Statistics;

/// <summary>How many of n units (source images) had a property in each of two runs over the same units.</summary>
public readonly record struct PairedProportions
{
    /// <summary>Counts over units.</summary>
    /// <param name="both">Units with the property in both runs.</param>
    /// <param name="onlyFirst">Units with the property in the first run only.</param>
    /// <param name="onlySecond">Units with the property in the second run only.</param>
    /// <param name="count">All units n.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative, or the first three exceed n.</exception>
    public PairedProportions(int both, int onlyFirst, int onlySecond, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(both);
        ArgumentOutOfRangeException.ThrowIfNegative(onlyFirst);
        ArgumentOutOfRangeException.ThrowIfNegative(onlySecond);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)both + onlyFirst + onlySecond, count);
        (OnlyFirst, OnlySecond, Count) = (onlyFirst, onlySecond, count);
        (First, Second) = (new Proportion(both + onlyFirst, count), new Proportion(both + onlySecond, count));
    }

    /// <summary>Counts pairs of answers.</summary>
    public static PairedProportions Of(IEnumerable<(bool First, bool Second)> units)
    {
        (int both, int onlyFirst, int onlySecond, int count) = (0, 0, 0, 0);
        foreach ((bool first, bool second) in units)
        {
            count++;
            both += first && second ? 1 : 0;
            onlyFirst += first && !second ? 1 : 0;
            onlySecond += second && !first ? 1 : 0;
        }

        return new PairedProportions(both, onlyFirst, onlySecond, count);
    }

    /// <summary>Units with the property in the first run only.</summary>
    public int OnlyFirst { get; }

    /// <summary>Units with the property in the second run only.</summary>
    public int OnlySecond { get; }

    /// <summary>Units n.</summary>
    public int Count { get; }

    /// <summary>The first run's proportion.</summary>
    public Proportion First { get; }

    /// <summary>The second run's proportion.</summary>
    public Proportion Second { get; }

    /// <summary>First − second; null where n = 0.</summary>
    public double? Difference => Count == 0 ? null : ((double)OnlyFirst - OnlySecond) / Count;

    /// <summary>Tango's interval of first − second.</summary>
    public Interval Interval(double confidence) => Tango.Interval(OnlyFirst, OnlySecond, Count, confidence);

    /// <summary>McNemar's exact two-sided p-value.</summary>
    public double McNemarTest() => McNemar.Test(OnlyFirst, OnlySecond);
}
