namespace AuditKit.Statistics;

/// <summary>
/// Newcombe's hybrid score interval for the difference of two independent proportions (Statistics in Medicine 1998,
/// 17:873–890, method 10), such as accuracies on two test sets. It is made of the two Wilson intervals, so it stays
/// within [−1, 1] and holds for small samples and proportions near 0 and 1.
/// </summary>
public static class Newcombe
{
    /// <summary>
    /// The two-sided interval of p₁ − p₂: from d − √((p₁ − l₁)² + (u₂ − p₂)²) to d + √((u₁ − p₁)² + (p₂ − l₂)²), d being
    /// the observed difference and [lᵢ, uᵢ] the Wilson interval of pᵢ.
    /// </summary>
    /// <param name="first">Counts over the units of the first sample.</param>
    /// <param name="second">Counts over the units of the second sample, none of them in the first.</param>
    /// <param name="confidence">The nominal coverage, such as 0.95.</param>
    /// <returns>[−1, 1] where a sample is empty.</returns>
    public static Interval Interval(Proportion first, Proportion second, double confidence)
    {
        if (first.Estimate is not { } p1 || second.Estimate is not { } p2)
        {
            return new Interval(-1, 1);
        }

        (double l1, double u1) = Wilson.Interval(first, confidence);
        (double l2, double u2) = Wilson.Interval(second, confidence);
        return new Interval(p1 - p2 - double.Hypot(p1 - l1, u2 - p2), p1 - p2 + double.Hypot(u1 - p1, p2 - l2));
    }
}
