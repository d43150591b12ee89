namespace AuditKit.Statistics;

/// <summary>
/// Holm's step-down procedure (Scandinavian Journal of Statistics 1979): many hypotheses, and the chance that even
/// one true hypothesis is rejected stays at or below α, whatever their dependence.
/// </summary>
public static class Holm
{
    /// <summary>Adjusted p-values: rejecting those that are ≤ α is Holm's procedure at level α.</summary>
    /// <param name="pValues">Raw p-values in [0, 1].</param>
    /// <returns>In the order of the raw ones: max over all smaller-or-equal p(j) of min(1, (m − j + 1)·p(j)).</returns>
    public static double[] Adjust(IReadOnlyList<double> pValues)
    {
        double[] adjusted = new double[pValues.Count];
        double running = 0;
        foreach ((int rank, int index) in Enumerable.Range(0, pValues.Count).OrderBy(i => pValues[i]).Index())
        {
            running = Math.Max(running, Math.Min(1, (pValues.Count - rank) * pValues[index]));
            adjusted[index] = running;
        }

        return adjusted;
    }
}
