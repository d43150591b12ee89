namespace AuditKit.Statistics;

/// <summary>
/// Temperature scaling (Guo et al., On Calibration of Modern Neural Networks, ICML 2017): logits are divided by one
/// number T, which changes no prediction. T &gt; 1 where the model is too sure of itself.
/// </summary>
public static class Temperature
{
    /// <summary>The least temperature that is fitted: where every unit is predicted correctly the likelihood has no maximum.</summary>
    public const double Least = 0.01;

    /// <summary>The largest temperature that is fitted: where the logits say nothing of the labels, or the opposite.</summary>
    public const double Largest = 100;

    /// <summary>
    /// The temperature that makes the mean log-likelihood of some units largest. In β = 1/T the log-likelihood is
    /// concave, with derivative Σ (z_y − E_p[z]) and second derivative −Σ Var_p[z]: Newton's method inside a bracket.
    /// </summary>
    /// <param name="scores">The scores.</param>
    /// <param name="units">The units that it is fitted on; none give 1.</param>
    /// <param name="cancellation">Stops between two steps.</param>
    public static double Fit(ClassScores scores, IReadOnlyList<int> units, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(units);
        cancellation.ThrowIfCancellationRequested();
        const int NewtonSteps = 12;
        if (Slope(1) == 0)
        {
            return 1; // Nothing changes with the temperature: every logit is the same, or there is no unit.
        }

        (double low, double high) = (1 / Largest, 1 / Least);
        if (Slope(low) <= 0)
        {
            return Largest;
        }

        if (Slope(high) >= 0)
        {
            return Least;
        }

        double beta = 1;
        for (int step = 0; high - low > 1e-9 * low; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            (double slope, double curvature) = Derivatives(scores, units, beta);
            (low, high) = slope > 0 ? (beta, high) : (low, beta);
            double newton = beta + (slope / curvature);
            // Where a step leaves the bracket, or steps are many because almost every unit is right, bisection makes way.
            double next = step < NewtonSteps && newton > low && newton < high ? newton : Math.Sqrt(low * high);
            if (Math.Abs(next - beta) <= 1e-9 * beta)
            {
                break;
            }

            beta = next;
        }

        return 1 / beta;

        double Slope(double at) => Derivatives(scores, units, at).Slope;
    }

    /// <summary>log p(label) of one unit, its logits divided by the temperature.</summary>
    public static double LogLikelihood(ClassScores scores, int unit, double temperature)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ReadOnlySpan<float> logits = scores.Logits(unit);
        double beta = 1 / temperature;
        return (beta * logits[scores.Label(unit)]) - ClassScores.LogSumExp(logits, logits[scores.Predicted(unit)], beta);
    }

    // Σ (z_y − E_p[z]) and Σ Var_p[z] at β; logits are taken from the largest one.
    private static (double Slope, double Curvature) Derivatives(ClassScores scores, IReadOnlyList<int> units, double beta)
    {
        (double slope, double curvature) = (0, 0);
        foreach (int unit in units)
        {
            ReadOnlySpan<float> logits = scores.Logits(unit);
            double largest = logits[scores.Predicted(unit)];
            (double mass, double first, double second) = (0, 0, 0);
            foreach (float logit in logits)
            {
                double z = logit - largest;
                double weight = Math.Exp(beta * z);
                mass += weight;
                first += weight * z;
                second += weight * z * z;
            }

            double mean = first / mass;
            slope += logits[scores.Label(unit)] - largest - mean;
            curvature += Math.Max(0, (second / mass) - (mean * mean));
        }

        return (slope, curvature);
    }
}
