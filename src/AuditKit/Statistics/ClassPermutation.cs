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
    /// <summary>Finds the order.</summary>
    /// <param name="scores">What the model said of labelled units, in random order or not.</param>
    /// <param name="seed">The seed of the halves.</param>
    public static ClassPermutation Find(ClassScores scores, long seed)
    {
        ArgumentNullException.ThrowIfNull(scores);
        int[] order = [.. Enumerable.Range(0, scores.Count)];
        CounterRandom.For(seed, "class permutation", 0).Shuffle(order);
        int[][] halves = [order[..(order.Length / 2)], order[(order.Length / 2)..]];
        bool[] correct = new bool[scores.Count];
        for (int half = 0; half < 2; half++)
        {
            int[] labelOf = Choose(scores, halves[1 - half]);
            foreach (int unit in halves[half])
            {
                correct[unit] = labelOf[scores.Predicted(unit)] == scores.Label(unit);
            }
        }

        return new(Choose(scores, order), correct);
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

    // Twice the hits, and one more for staying: outputs that no unit speaks for keep their place where they can.
    private static int[] Choose(ClassScores scores, int[] units)
    {
        int[,] gain = new int[scores.Classes, scores.Classes];
        foreach (int unit in units)
        {
            gain[scores.Predicted(unit), scores.Label(unit)] += 2;
        }

        for (int k = 0; k < scores.Classes; k++)
        {
            gain[k, k]++;
        }

        return Assignment.Best(gain);
    }
}
