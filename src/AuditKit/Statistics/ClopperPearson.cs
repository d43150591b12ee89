namespace AuditKit.Statistics;

/// <summary>
/// Clopper and Pearson's exact bounds for a proportion (Biometrika 1934): they cover the true value with at least
/// the nominal probability, at any n and any p. A bound is the p at which the exact binomial test just rejects.
/// </summary>
public static class ClopperPearson
{
    /// <summary>The one-sided lower bound: with this confidence the true proportion is at least this high.</summary>
    /// <param name="proportion">What was counted; n = 0 gives 0.</param>
    /// <param name="confidence">The nominal coverage 1 − α, such as 0.95.</param>
    public static double Lower(Proportion proportion, double confidence) => proportion.Successes == 0
        ? 0
        : BetaQuantile.Around(proportion.Successes, proportion.Count - proportion.Successes + 1, 1 - confidence).Lower;

    /// <summary>The one-sided upper bound: with this confidence the true proportion is at most this high.</summary>
    /// <param name="proportion">What was counted; n = 0 gives 1.</param>
    /// <param name="confidence">The nominal coverage 1 − α, such as 0.95.</param>
    public static double Upper(Proportion proportion, double confidence) => proportion.Successes == proportion.Count
        ? 1
        : BetaQuantile.Around(proportion.Successes + 1, proportion.Count - proportion.Successes, confidence).Upper;

    /// <summary>The two-sided interval, α/2 on each side.</summary>
    /// <param name="proportion">What was counted; n = 0 gives [0, 1].</param>
    /// <param name="confidence">The nominal coverage 1 − α, such as 0.95.</param>
    public static Interval Interval(Proportion proportion, double confidence)
    {
        double each = 0.5 + (confidence / 2);
        return new Interval(Lower(proportion, each), Upper(proportion, each));
    }
}
