namespace AuditKit.Tests.Statistics;

/// <summary>The binomial distribution by its definition, term by term: the oracle for everything that is called exact.</summary>
internal static class ExactBinomial
{
    /// <summary>P(X = k) for k = 0 … n.</summary>
    public static double[] Probabilities(int n, double p)
    {
        // Convolution with one coin at a time: no logarithm, no factorial, no cancellation.
        double[] probabilities = new double[n + 1];
        probabilities[0] = 1;
        for (int coin = 0; coin < n; coin++)
        {
            for (int k = coin + 1; k >= 0; k--)
            {
                probabilities[k] = (probabilities[k] * (1 - p)) + (k > 0 ? probabilities[k - 1] * p : 0);
            }
        }

        return probabilities;
    }

    /// <summary>P(X is such that the condition holds).</summary>
    public static double Probability(int n, double p, Func<int, bool> condition)
        => Probabilities(n, p).Where((_, k) => condition(k)).Sum();
}
