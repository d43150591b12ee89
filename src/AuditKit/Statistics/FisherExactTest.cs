using MathNet.Numerics;

namespace AuditKit.Statistics;

/// <summary>Fisher's exact test: whether two independent proportions differ, at any n (Fisher 1935).</summary>
public static class FisherExactTest
{
    /// <summary>
    /// The two-sided p-value of equal proportions: given both sample sizes and all successes, the probability of every
    /// table that is at most as likely as the one observed. 1 where either sample is empty.
    /// </summary>
    /// <param name="one">A proportion.</param>
    /// <param name="other">A proportion over other units.</param>
    public static double TwoSided(Proportion one, Proportion other)
    {
        int successes = one.Successes + other.Successes;
        int count = one.Count + other.Count;
        double observed = Probability(one.Successes);
        double sum = 0;
        for (int k = Math.Max(0, successes - other.Count); k <= Math.Min(successes, one.Count); k++)
        {
            // Tables as likely as the observed one must not be lost to rounding.
            double probability = Probability(k);
            sum += probability <= observed * (1 + 1e-7) ? probability : 0;
        }

        return Math.Min(1, sum);

        // Hypergeometric: k of the successes fall into the first sample.
        double Probability(int k) => Math.Exp(
            Choose(one.Count, k) + Choose(other.Count, successes - k) - Choose(count, successes));

        static double Choose(int n, int k) => SpecialFunctions.BinomialLn(n, k);
    }
}
