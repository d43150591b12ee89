using MathNet.Numerics;

namespace AuditKit.Statistics;

/// <summary>
/// Quantiles of the Beta distribution to the last digit that its distribution function carries. MathNet's own
/// inverse stops at an absolute error of the probability, which loses all digits in the far tails.
/// </summary>
internal static class BetaQuantile
{
    /// <summary>Where I_x(a, b) crosses a probability: the two neighbouring numbers around that x.</summary>
    /// <param name="a">First parameter, &gt; 0.</param>
    /// <param name="b">Second parameter, &gt; 0.</param>
    /// <param name="probability">In [0, 1).</param>
    public static Interval Around(double a, double b, double probability)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(probability);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(probability, 1);
        double below = Bisection.Boundary(x => SpecialFunctions.BetaRegularized(a, b, x) <= probability, 0, 1);
        return new Interval(below, Math.BitIncrement(below));
    }
}
