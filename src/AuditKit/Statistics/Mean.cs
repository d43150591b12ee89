namespace AuditKit.Statistics;

/// <summary>
/// The mean of a measured quantity over n independent units (source images), with Student's t interval. Chosen over
/// the bootstrap because audits have hundreds of images or more, where the two agree, and it needs no draws. What is
/// measured several times on one image enters as that image's own mean.
/// </summary>
/// <param name="Value">The sample mean x̄.</param>
/// <param name="Deviation">The sample standard deviation s (n − 1 in the denominator); 0 where n &lt; 2.</param>
/// <param name="Count">Units n.</param>
public readonly record struct Mean(double Value, double Deviation, int Count)
{
    /// <summary>Mean and deviation in one pass (Welford 1962).</summary>
    /// <exception cref="ArgumentException">A value is not a finite number.</exception>
    public static Mean Of(IEnumerable<double> values)
    {
        (int count, double mean, double squares) = (0, 0, 0);
        foreach (double value in values)
        {
            if (!double.IsFinite(value))
            {
                throw new ArgumentException($"Value {count} is {InvariantText.Of(value)}.", nameof(values));
            }

            count++;
            double difference = value - mean;
            mean += difference / count;
            squares += difference * (value - mean);
        }

        return new Mean(mean, count < 2 ? 0 : Math.Sqrt(squares / (count - 1)), count);
    }

    /// <summary>The two-sided interval x̄ ± t·s/√n with n − 1 degrees of freedom; null where n &lt; 2.</summary>
    /// <param name="confidence">The nominal coverage, such as 0.95.</param>
    public Interval? Interval(double confidence)
    {
        if (Count < 2)
        {
            return null;
        }

        // If T has Student's distribution with ν degrees of freedom, T²/(ν + T²) has the Beta(½, ν/2) distribution.
        double freedom = Count - 1;
        double ratio = BetaQuantile.Around(0.5, freedom / 2, confidence).Upper;
        double half = Math.Sqrt(freedom * ratio / (1 - ratio)) * Deviation / Math.Sqrt(Count);
        return new Interval(Value - half, Value + half);
    }
}
