namespace AuditKit.Statistics;

/// <summary>
/// Whether a model's outputs stand for the classes in another order than the labels do. The order that agrees best with the
/// labels is the best assignment by the confusion matrix; it is chosen on one half of the units and tried on the other, both
/// ways, so that chance alone gains nothing.
/// </summary>
/// <param name="LabelOf">The label that each output stands for, chosen on all units.</param>
/// <param name="Correct">By unit, whether it is correct under the order that the other half chose.</param>
public sealed record ClassPermutation(IReadOnlyList<int> LabelOf, IReadOnlyList<bool> Correct)
{
    // An order that is believed gains this much accuracy, and is no chance at this level.
    private const double Gain = 0.1;
    private const double Level = 1e-3;

    /// <summary>Finds the order.</summary>
    /// <param name="classes">Number of classes K.</param>
    /// <param name="predicted">The output with the largest score, of every unit.</param>
    /// <param name="labels">The label of every unit.</param>
    /// <param name="seed">The seed of the halves.</param>
    public static ClassPermutation Find(int classes, IReadOnlyList<int> predicted, IReadOnlyList<int> labels, long seed)
    {
        ArgumentNullException.ThrowIfNull(predicted);
        ArgumentNullException.ThrowIfNull(labels);
        int[] order = [.. Enumerable.Range(0, predicted.Count)];
        CounterRandom.For(seed, "class permutation", 0).Shuffle(order);
        int[][] halves = [order[..(order.Length / 2)], order[(order.Length / 2)..]];
        bool[] correct = new bool[predicted.Count];
        for (int half = 0; half < 2; half++)
        {
            int[] labelOf = Choose(halves[1 - half]);
            foreach (int unit in halves[half])
            {
                correct[unit] = labelOf[predicted[unit]] == labels[unit];
            }
        }

        return new(Choose(order), correct);

        // Twice the hits, and one more for staying: outputs that no unit speaks for keep their place where they can.
        int[] Choose(int[] units)
        {
            int[,] gain = new int[classes, classes];
            foreach (int unit in units)
            {
                gain[predicted[unit], labels[unit]] += 2;
            }

            for (int k = 0; k < classes; k++)
            {
                gain[k, k]++;
            }

            return Assignment.Best(gain);
        }
    }

    /// <summary>Whether this order is clearly better than another way to read the same answers.</summary>
    /// <param name="correct">By unit, whether it is correct in the other way.</param>
    public bool IsClearlyBetterThan(IReadOnlyList<bool> correct)
    {
        ArgumentNullException.ThrowIfNull(correct);
        int gained = correct.Zip(Correct).Count(pair => !pair.First && pair.Second);
        int lost = correct.Zip(Correct).Count(pair => pair.First && !pair.Second);
        return gained - lost >= Gain * correct.Count && McNemar.Test(lost, gained) < Level;
    }

    /// <summary>The scores as they would be with the outputs in the labels' order.</summary>
    public ClassScores Apply(ClassScores scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        float[] logits = new float[scores.Count * scores.Classes];
        for (int unit = 0; unit < scores.Count; unit++)
        {
            ReadOnlySpan<float> row = scores.Logits(unit);
            for (int output = 0; output < row.Length; output++)
            {
                logits[(unit * scores.Classes) + LabelOf[output]] = row[output];
            }
        }

        return new(scores.Classes, [.. Enumerable.Range(0, scores.Count).Select(scores.Label)], logits);
    }
}
