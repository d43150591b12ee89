using MathNet.Numerics.Distributions;

namespace AuditKit.Statistics;

/// <summary>
/// Tango's score interval for the difference of two paired proportions (Statistics in Medicine 1998), such as two
/// models' accuracies on the same images. Unlike Wald's it stays within [−1, 1] and holds when few images differ.
/// </summary>
public static class Tango
{
    /// <summary>The two-sided interval of p(first) − p(second): all Δ that the score test does not reject.</summary>
    /// <param name="onlyFirst">Images b that only the first classified correctly.</param>
    /// <param name="onlySecond">Images c that only the second classified correctly.</param>
    /// <param name="count">All images n; n = 0 gives [−1, 1].</param>
    /// <param name="confidence">The nominal coverage, such as 0.95.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative, or b + c &gt; n.</exception>
    public static Interval Interval(int onlyFirst, int onlySecond, int count, double confidence)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(onlyFirst);
        ArgumentOutOfRangeException.ThrowIfNegative(onlySecond);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)onlyFirst + onlySecond, count);
        if (count == 0)
        {
            return new Interval(-1, 1);
        }

        double estimate = ((double)onlyFirst - onlySecond) / count;
        double z = Normal.InvCDF(0, 1, 0.5 + (confidence / 2));
        bool Accepts(double difference) => Math.Abs(Score(onlyFirst, onlySecond, count, difference)) <= z;
        return new Interval(
            Accepts(-1) ? -1 : Bisection.Boundary(Accepts, estimate, -1),
            Accepts(1) ? 1 : Bisection.Boundary(Accepts, estimate, 1));
    }

    /// <summary>
    /// The score statistic z(Δ) = (b − c − nΔ) / √(n(2q + Δ(1 − Δ))), q being the likeliest probability of "only the
    /// second" under the difference Δ: the larger root of 2n·q² + ((2n − b + c)Δ − b − c)·q − cΔ(1 − Δ) = 0.
    /// </summary>
    internal static double Score(double b, double c, double n, double difference)
    {
        double linear = (((2 * n) - b + c) * difference) - b - c;
        double root = Math.Sqrt(Math.Max(0, (linear * linear) + (8 * n * c * difference * (1 - difference))));
        double q = (root - linear) / (4 * n);
        double numerator = b - c - (n * difference);
        double variance = n * ((2 * q) + (difference * (1 - difference)));
        return numerator == 0 ? 0 : numerator / Math.Sqrt(Math.Max(0, variance));
    }
}
