namespace AuditKit.Statistics;

/// <summary>An estimate in [0, 1] with its bootstrap replicates.</summary>
/// <param name="value">The estimate from the units themselves.</param>
/// <param name="count">Units n.</param>
/// <param name="replicates">The estimate from each resample.</param>
/// <param name="deviations">For the norm of a vector: how far each resample's vector lies from the units' own; else null.</param>
public sealed class BootstrapEstimate(double value, int count, double[] replicates, double[]? deviations)
{
    private readonly double[] _replicates = [.. replicates.Order()];
    private readonly double[]? _deviations = deviations is null ? null : [.. deviations.Order()];

    /// <summary>The estimate.</summary>
    public double Value => value;

    /// <summary>Units n.</summary>
    public int Count => count;

    /// <summary>
    /// The percentile interval. The norm of a vector is biased upwards by scatter, and its replicates are once more: that
    /// is on the safe side for the upper end, but a lower end among the replicates would lie above the truth. So the
    /// lower end of a norm comes from the triangle inequality, ‖v‖ ≥ ‖v̂‖ − ‖v̂ − v‖, with the replicates' ‖v* − v̂‖ in
    /// place of ‖v̂ − v‖; it is exact where v = 0 and conservative elsewhere. No end is nearer than 1 − α^(1/n): what
    /// happens to so small a share of units may well have been missed, which no resample can know. A level that asks for less than one of
    /// the replicates is beyond them: the ends are 0 and 1 then.
    /// </summary>
    /// <param name="confidence">The nominal coverage 1 − 2α, such as 0.95.</param>
    public Interval Interval(double confidence)
    {
        double alpha = (1 - confidence) / 2;
        if (alpha * _replicates.Length < 1)
        {
            return new Interval(0, 1);
        }

        double unseen = 1 - Math.Pow(alpha, 1.0 / count);
        double lower = _deviations is null ? Quantile(_replicates, alpha) : value - Quantile(_deviations, 1 - alpha);
        double upper = Quantile(_replicates, 1 - alpha);
        return new Interval(
            Math.Clamp(Math.Min(lower, value - unseen), 0, 1),
            Math.Clamp(Math.Max(upper, value + unseen), 0, 1));
    }

    // The smallest value that a share q reaches.
    internal static double Quantile(double[] sorted, double q) => sorted[Math.Clamp((int)Math.Ceiling(q * sorted.Length) - 1, 0, sorted.Length - 1)];
}
