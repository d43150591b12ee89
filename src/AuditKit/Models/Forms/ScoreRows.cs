namespace AuditKit.Models.Forms;

/// <summary>What a model said of a few images, K numbers each: what these numbers are, and the logits that they come from.</summary>
/// <param name="values">n×K numbers; rows that hold NaN or infinity say nothing.</param>
/// <param name="classes">Numbers K an image.</param>
internal sealed class ScoreRows(float[] values, int classes)
{
    /// <summary>How far the sum of probabilities may be from 1: half precision rounds a thousand of them by half of this.</summary>
    public const double Tolerance = 1e-3;

    private readonly float[][] _rows = [.. values.Chunk(classes).Where(row => row.All(float.IsFinite))];

    /// <summary>Whether every number lies in [0, 1].</summary>
    public bool InUnitRange => _rows.Length > 0 && _rows.All(row => row.All(value => value is >= -1e-6f and <= 1 + 1e-6f));

    /// <summary>Whether every row lies in [0, 1] and sums to 1: probabilities, which must never pass for logits.</summary>
    public bool AreProbabilities => classes > 1 && InUnitRange && _rows.All(row => Math.Abs(row.Sum(value => (double)value) - 1) <= Tolerance);

    /// <summary>Whether no row is above 0, and their exponentials sum to 1.</summary>
    public bool AreLogProbabilities => classes > 1 && _rows.Length > 0
        && _rows.All(row => row.All(value => value <= 1e-6f) && Math.Abs(row.Sum(value => Math.Exp(value)) - 1) <= Tolerance);

    /// <summary>Whether no number is above 0.</summary>
    public bool AreNotPositive => _rows.All(row => row.All(value => value <= 1e-6f));

    /// <summary>Whether the softmax of logits gives these rows, but for a factor, or their exponentials.</summary>
    /// <param name="logits">n×K logits of the same images.</param>
    public bool AreSoftmaxOf(float[] logits)
    {
        if (logits.Length != values.Length)
        {
            return false;
        }

        bool areLogarithms = AreNotPositive;
        float[][] own = [.. values.Chunk(classes)], other = [.. logits.Chunk(classes)];
        bool[] usable = [.. own.Zip(other, (row, z) => row.All(float.IsFinite) && z.All(float.IsFinite))];
        return usable.Contains(true) && Enumerable.Range(0, own.Length).Where(i => usable[i]).All(i =>
        {
            double[] p = areLogarithms ? [.. own[i].Select(value => Math.Exp(value))] : [.. own[i].Select(value => (double)value)];
            double sum = p.Sum(), largest = other[i].Max(), normaliser = other[i].Sum(z => Math.Exp(z - largest));
            return p.All(value => value >= -1e-6) && sum > 0
                && p.Zip(other[i], (value, z) => Math.Abs((value / sum) - (Math.Exp(z - largest) / normaliser))).All(difference => difference <= 2 * Tolerance);
        });
    }

    /// <summary>What the numbers are.</summary>
    /// <param name="path">The model's file, for messages.</param>
    /// <param name="output">The output, for messages.</param>
    /// <param name="wanted">What the user says that they are; null for nothing.</param>
    /// <param name="isUnbounded">Whether the layer that gives them is known to have no bounds, so that it gives no sigmoids.</param>
    /// <returns>What they are, and why.</returns>
    /// <exception cref="AuditException">They cannot be what the user says, or may be several things; the message says what to write.</exception>
    public (Activation Kind, string Why) Judge(string path, string output, Activation? wanted, bool isUnbounded)
    {
        string rows = $"the rows of {_rows.Length} trial images";
        if (wanted is { } said)
        {
            string? wrong = said switch
            {
                Activation.Logits when AreProbabilities || (classes == 1 && InUnitRange && !isUnbounded) =>
                    "they lie in [0, 1]" + (classes > 1 ? " and sum to 1, which are probabilities" : ", which is a sigmoid's range"),
                Activation.Probabilities when !AreProbabilities => "they do not lie in [0, 1] with sum 1",
                Activation.LogProbabilities when !AreLogProbabilities => "their exponentials do not sum to 1",
                Activation.Sigmoids when !InUnitRange => "they do not lie in [0, 1]",
                _ => null,
            };
            return wrong is null || _rows.Length == 0 ? (said, "as the spec says")
                : throw new AuditException($"{path}: '{output}' gives no {Name(said)}: {rows} say that {wrong}. Leave out activation.");
        }

        return AreProbabilities ? (Activation.Probabilities, $"{rows} lie in [0, 1] and sum to 1")
            : AreLogProbabilities ? (Activation.LogProbabilities, $"{rows} are logarithms of numbers that sum to 1")
            : classes == 1 ? InUnitRange && !isUnbounded ? (Activation.Sigmoids, $"one number an image, which lies in [0, 1] for {_rows.Length} trial images")
                : throw new AuditException($"{path}: a classifier gives K ≥ 2 logits an image, but '{output}' is one number. Where it is the logit of "
                    + "the second of two classes, write activation: logits.")
            : !InUnitRange ? (Activation.Logits, $"{rows} are not all in [0, 1]")
            : isUnbounded ? (Activation.Logits, $"{rows} do not sum to 1, and the layer that gives them has no bounds")
            : throw new AuditException($"{path}: '{output}' may be logits or sigmoids: {rows} lie in [0, 1] and do not sum to 1. Say which: write "
                + "activation: sigmoids, or activation: logits.");
    }

    /// <summary>The logits behind rows as a model gave them.</summary>
    /// <param name="rows">n×K finite numbers, or NaN and infinities, which stay what they are.</param>
    /// <param name="kind">What they are.</param>
    /// <param name="classes">Numbers K an image; one is the score of the second of two classes.</param>
    /// <returns>n×K logits, n×2 for one number an image.</returns>
    public static float[] ToLogits(ReadOnlySpan<float> rows, Activation kind, int classes)
    {
        bool areProbabilities = kind is Activation.Probabilities or Activation.Sigmoids;
        float[] logits = new float[classes == 1 ? 2 * rows.Length : rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            float own = areProbabilities ? Log(rows[i]) : rows[i];
            if (classes > 1)
            {
                logits[i] = own;
            }
            else
            {
                (logits[2 * i], logits[(2 * i) + 1]) = (areProbabilities ? Log(1 - rows[i]) : rows[i] - rows[i], own);
            }
        }

        return logits;

        // A probability of 0 is one too small for a float.
        static float Log(float p) => float.IsNaN(p) ? p : MathF.Log(MathF.Max(p, SmallestNormal));
    }

    /// <summary>The smallest normal 32-bit float.</summary>
    public const float SmallestNormal = 1.17549435e-38f;

    /// <summary>How people call an activation.</summary>
    public static string Name(Activation kind) => kind switch
    {
        Activation.Probabilities => "probabilities",
        Activation.LogProbabilities => "log-probabilities",
        Activation.Sigmoids => "sigmoids",
        _ => "logits",
    };
}
