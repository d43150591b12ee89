using AuditKit.Statistics;

namespace AuditKit.Checks.WhiteBox;

/// <summary>What an attack maximises, as a function of one image's logits z and its true class y.</summary>
internal abstract class AttackLoss
{
    /// <summary>Cross-entropy, −log p_y.</summary>
    public static AttackLoss CrossEntropy { get; } = new CrossEntropyLoss();

    /// <summary>The difference of logits ratio of Croce &amp; Hein 2020, equation 6.</summary>
    public static AttackLoss LogitsRatio { get; } = new LogitsRatioLoss();

    /// <summary>The loss.</summary>
    /// <param name="logits">K logits z.</param>
    /// <param name="label">The true class y.</param>
    public abstract double Value(ReadOnlySpan<float> logits, int label);

    /// <summary>Its gradient with respect to the logits.</summary>
    /// <param name="logits">K logits z.</param>
    /// <param name="label">The true class y.</param>
    /// <param name="gradient">Receives K numbers.</param>
    public abstract void Gradient(ReadOnlySpan<float> logits, int label, Span<double> gradient);

    /// <summary>−log p_y = log Σ_k exp(z_k − z_y); its gradient is p − e_y.</summary>
    private sealed class CrossEntropyLoss : AttackLoss
    {
        public override double Value(ReadOnlySpan<float> logits, int label)
        {
            // log(1 + Σ_{k≠y} …): the sum keeps its digits where p_y is 1 to any precision of a float or double.
            double largest = 0;
            foreach (float logit in logits)
            {
                largest = Math.Max(largest, (double)logit - logits[label]);
            }

            double others = 0;
            for (int k = 0; k < logits.Length; k++)
            {
                others += k == label ? 0 : Math.Exp((double)logits[k] - logits[label] - largest);
            }

            return largest == 0 ? Log1P(others) : largest + Math.Log(others + Math.Exp(-largest));
        }

        public override void Gradient(ReadOnlySpan<float> logits, int label, Span<double> gradient)
        {
            double others = 0;
            for (int k = 0; k < logits.Length; k++)
            {
                gradient[k] = Softmax.Probability(logits, k);
                others += k == label ? 0 : gradient[k];
            }

            // p_y − 1 by the sum of the others, which does not cancel to 0 where p_y rounds to 1.
            gradient[label] = -others;
        }

        // log(1 + x) without losing a small x: the rounding of 1 + x is undone by the quotient (Kahan).
        private static double Log1P(double x)
        {
            double rounded = 1 + x;
            return rounded == 1 ? x : Math.Log(rounded) * x / (rounded - 1);
        }
    }

    /// <summary>
    /// (max_{i≠y} z_i − z_y) / (z_π1 − z_π3), π being the order of decreasing logits: no rescaling of the logits makes
    /// it, or its gradient, vanish. With two classes there is no third logit, and the difference stands alone.
    /// </summary>
    private sealed class LogitsRatioLoss : AttackLoss
    {
        // Keeps the ratio finite where the three largest logits are equal.
        private const double Smallest = 1e-12;

        public override double Value(ReadOnlySpan<float> logits, int label)
        {
            (int other, int first, int third) = Places(logits, label);
            double difference = (double)logits[other] - logits[label];
            return third < 0 ? difference : difference / ((double)logits[first] - logits[third] + Smallest);
        }

        public override void Gradient(ReadOnlySpan<float> logits, int label, Span<double> gradient)
        {
            (int other, int first, int third) = Places(logits, label);
            gradient.Clear();
            double range = third < 0 ? 1 : (double)logits[first] - logits[third] + Smallest;
            gradient[other] += 1 / range;
            gradient[label] -= 1 / range;
            if (third >= 0)
            {
                double byRange = ((double)logits[other] - logits[label]) / (range * range);
                gradient[first] -= byRange;
                gradient[third] += byRange;
            }
        }

        /// <summary>The largest logit but the label's, the largest and the third largest; −1 where there is no third.</summary>
        private static (int Other, int First, int Third) Places(ReadOnlySpan<float> logits, int label)
        {
            int other = Largest(logits, label, -1);
            int first = Largest(logits, -1, -1);
            int second = Largest(logits, first, -1);
            return (other, first, Largest(logits, first, second));
        }

        private static int Largest(ReadOnlySpan<float> logits, int but, int andBut)
        {
            int largest = -1;
            for (int k = 0; k < logits.Length; k++)
            {
                largest = k != but && k != andBut && (largest < 0 || logits[k] > logits[largest]) ? k : largest;
            }

            return largest;
        }
    }
}
