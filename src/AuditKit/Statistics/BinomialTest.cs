using MathNet.Numerics;

namespace AuditKit.Statistics;

/// <summary>The exact binomial test of a proportion.</summary>
public static class BinomialTest
{
    /// <summary>
    /// The p-value of "the true proportion is at least <paramref name="limit"/>": the probability P(X ≤ successes) of
    /// so few or fewer when it is just that. 1 where n = 0.
    /// </summary>
    /// <param name="proportion">What was counted.</param>
    /// <param name="limit">The proportion under test, in [0, 1].</param>
    public static double AtLeast(Proportion proportion, double limit) => proportion.Successes == proportion.Count
        ? 1
        : SpecialFunctions.BetaRegularized(proportion.Count - proportion.Successes, proportion.Successes + 1, 1 - limit);
}
