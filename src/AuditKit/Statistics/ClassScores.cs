namespace AuditKit.Statistics;

/// <summary>
/// What a classifier said of n labelled units: K logits each, and the probabilities that softmax makes of them.
/// </summary>
public sealed class ClassScores
{
    private readonly int[] _labels;
    private readonly float[] _logits;
    private readonly float[] _probabilities;
    private readonly int[] _predicted;
    private readonly double[] _logLikelihood;

    /// <summary>Scores over the arrays given, which are not copied.</summary>
    /// <param name="classes">Number of classes K, at least 1.</param>
    /// <param name="labels">n labels in 0 .. K − 1.</param>
    /// <param name="logits">n×K finite logits, or anything that softmax turns into the probabilities, such as their logarithms.</param>
    /// <exception cref="ArgumentException">There are not K logits for each label, or a label is no class.</exception>
    public ClassScores(int classes, int[] labels, float[] logits)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(logits);
        if (logits.Length != (long)labels.Length * classes || labels.Any(label => (uint)label >= (uint)classes))
        {
            throw new ArgumentException($"{logits.Length} logits are not {classes} for each of {labels.Length} labels below {classes}.");
        }

        (Classes, _labels, _logits) = (classes, labels, logits);
        _probabilities = new float[logits.Length];
        _predicted = new int[labels.Length];
        _logLikelihood = new double[labels.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            ReadOnlySpan<float> row = Logits(i);
            _predicted[i] = Softmax.Predict(row);
            double normaliser = LogSumExp(row, row[_predicted[i]], 1);
            _logLikelihood[i] = row[labels[i]] - normaliser;
            for (int k = 0; k < classes; k++)
            {
                _probabilities[(i * classes) + k] = (float)Math.Exp(row[k] - normaliser);
            }
        }
    }

    /// <summary>Number of classes K.</summary>
    public int Classes { get; }

    /// <summary>Number of units n.</summary>
    public int Count => _labels.Length;

    /// <summary>The label of a unit.</summary>
    public int Label(int unit) => _labels[unit];

    /// <summary>The K logits of a unit.</summary>
    public ReadOnlySpan<float> Logits(int unit) => _logits.AsSpan(unit * Classes, Classes);

    /// <summary>The K probabilities of a unit.</summary>
    public ReadOnlySpan<float> Probabilities(int unit) => _probabilities.AsSpan(unit * Classes, Classes);

    /// <summary>The class with the largest logit, the lowest one at a tie.</summary>
    public int Predicted(int unit) => _predicted[unit];

    /// <summary>Whether the predicted class is the label.</summary>
    public bool IsCorrect(int unit) => _predicted[unit] == _labels[unit];

    /// <summary>The probability of the predicted class.</summary>
    public float Confidence(int unit) => Probabilities(unit)[_predicted[unit]];

    /// <summary>log p(label), in nats; computed from the logits, so that it stays finite where the probability rounds to 0.</summary>
    public double LogLikelihood(int unit) => _logLikelihood[unit];

    /// <summary>Brier's score Σ_k (p_k − [k = label])² (1950), 0 to 2.</summary>
    public double Brier(int unit)
    {
        double sum = 0;
        ReadOnlySpan<float> probabilities = Probabilities(unit);
        for (int k = 0; k < Classes; k++)
        {
            double difference = probabilities[k] - (k == _labels[unit] ? 1.0 : 0.0);
            sum += difference * difference;
        }

        return sum;
    }

    /// <summary>The scores of some units, in the order given.</summary>
    public ClassScores Select(IReadOnlyList<int> units)
    {
        float[] logits = new float[units.Count * Classes];
        for (int i = 0; i < units.Count; i++)
        {
            Logits(units[i]).CopyTo(logits.AsSpan(i * Classes));
        }

        return new(Classes, [.. units.Select(Label)], logits);
    }

    /// <summary>log Σ_k exp(β·z_k), given the largest z so that nothing overflows.</summary>
    internal static double LogSumExp(ReadOnlySpan<float> logits, double largest, double inverseTemperature)
    {
        double sum = 0;
        foreach (float logit in logits)
        {
            sum += Math.Exp(inverseTemperature * (logit - largest));
        }

        return (inverseTemperature * largest) + Math.Log(sum);
    }
}
