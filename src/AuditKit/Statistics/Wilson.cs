using MathNet.Numerics.Distributions;

namespace AuditKit.Statistics;

/// <summary>
/// Wilson's score interval for a proportion (Wilson 1927; Brown, Cai and DasGupta 2001 for why): coverage close to
/// nominal on average, at any n. For display; gates judge by <see cref="ClopperPearson"/>, which never falls short.
/// </summary>
public static class Wilson
{
    /// <summary>The two-sided interval: all p with |p̂ − p| ≤ z·√(p(1−p)/n).</summary>
    /// <param name="proportion">What was counted; n = 0 gives [0, 1].</param>
    /// <param name="confidence">The nominal coverage, such as 0.95.</param>
    public static Interval Interval(Proportion proportion, double confidence)
    {
        double n = proportion.Count;
        if (proportion.Estimate is not { } p)
        {
            return new Interval(0, 1);
        }

        double z = Normal.InvCDF(0, 1, 0.5 + (confidence / 2));
        double centre = p + (z * z / (2 * n));
        double half = z * Math.Sqrt((p * (1 - p) / n) + (z * z / (4 * n * n)));
        double scale = 1 + (z * z / n);
        // The ends at no and at all successes are exact; rounding would miss them by a hair.
        return new Interval(
            proportion.Successes == 0 ? 0 : (centre - half) / scale,
            proportion.Successes == proportion.Count ? 1 : (centre + half) / scale);
    }
}
