namespace AuditKit.Statistics;

/// <summary>
/// From logits to classes and probabilities. Probabilities are computed in double precision from the model's
/// float logits: in float they round to exactly 1 from a margin of about 17 on, and an attack that follows the
/// probability would stand still there.
/// </summary>
public static class Softmax
{
    /// <summary>The predicted class: the index of the largest logit, the lowest one at a tie.</summary>
    /// <param name="logits">K logits, K ≥ 1.</param>
    public static int Predict(ReadOnlySpan<float> logits)
    {
        // TensorPrimitives.IndexOfMax would hold 0 above −0; for a classifier they are a tie.
        int best = 0;
        for (int k = 1; k < logits.Length; k++)
        {
            if (logits[k] > logits[best])
            {
                best = k;
            }
        }

        return best;
    }

    /// <summary>The probability of one class, exp(z_y) / Σ_k exp(z_k), computed from differences so that it cannot overflow.</summary>
    /// <param name="logits">K finite logits.</param>
    /// <param name="label">The class y.</param>
    public static double Probability(ReadOnlySpan<float> logits, int label)
    {
        double largest = logits[Predict(logits)];
        double sum = 0;
        foreach (float logit in logits)
        {
            sum += Math.Exp(logit - largest);
        }

        return Math.Exp(logits[label] - largest) / sum;
    }
}
