namespace AuditKit.Models.Forms;

/// <summary>The scores of a model, found: where they are, what they are, and why.</summary>
/// <param name="Output">The output.</param>
/// <param name="Kind">What its numbers are.</param>
/// <param name="Why">How that was found, for people.</param>
/// <param name="Length">Numbers an image; 1 for two classes.</param>
/// <param name="Source">The value of the model that the logits are made of: that before a softmax or sigmoid, or the output itself.</param>
/// <param name="SourceValue">That value, as a trial run gave it.</param>
internal sealed record Scores(ScoreOutput Output, Activation Kind, string Why, int Length, string Source, TrialValue SourceValue)
{
    /// <summary>Whether the logits are those before the model's own softmax or sigmoid.</summary>
    public bool IsBeforeActivation => Source != Output.Value;

    /// <summary>Number of classes K.</summary>
    public int Classes => Math.Max(Length, 2);

    /// <summary>Sees an output as scores.</summary>
    /// <param name="path">The model's file, for messages.</param>
    /// <param name="output">The output.</param>
    /// <param name="trial">What a trial run gave of its values.</param>
    /// <param name="wanted">What the user says that it is; null for nothing.</param>
    /// <exception cref="AuditException">What it is, is open.</exception>
    public static Scores Of(string path, ScoreOutput output, Dictionary<string, TrialValue> trial, Activation? wanted)
    {
        TrialValue value = trial[output.Value];
        var rows = new ScoreRows(value.Rows, value.Length);
        if (output is { Squashed: { } before, Squasher: { } squasher } && trial.TryGetValue(before, out TrialValue? z) && z.Rows.Length == value.Rows.Length)
        {
            bool isSigmoid = squasher.Type == "Sigmoid";
            Activation kind = isSigmoid ? Activation.Sigmoids : rows.AreNotPositive ? Activation.LogProbabilities : Activation.Probabilities;
            bool agrees = output.IsRounded || (value.Length > 1
                ? rows.AreSoftmaxOf(isSigmoid ? Array.ConvertAll(z.Rows, x => -SoftPlus(-x)) : z.Rows)
                : isSigmoid && z.Rows.Zip(value.Rows).All(pair => Math.Abs((1 / (1 + Math.Exp(-pair.First))) - pair.Second) <= ScoreRows.Tolerance));
            if (agrees && (wanted is null || wanted == kind))
            {
                string taken = !isSigmoid ? "whose input holds the logits"
                    : value.Length == 1 ? "which is the probability of the second of two classes"
                    : "of each class by itself; they are divided by their sum";
                return new Scores(output, kind, $"they come from {squasher}, {taken}", value.Length, before, z);
            }
        }

        (Activation found, string why) = rows.Judge(path, output.Value, wanted, output.IsUnbounded);
        return new Scores(output, found, why, value.Length, output.Value, value);
    }

    /// <summary>Puts nodes behind a model that make n×K 32-bit logits of its scores.</summary>
    /// <param name="border">The model.</param>
    /// <param name="batch">Images in the model's only batch; null for any number.</param>
    /// <returns>The value that holds the logits.</returns>
    public string AddTo(GraphBorder border, int? batch)
    {
        string value = Source;
        if (SourceValue.Type != Onnx.ElementType.Float)
        {
            value = border.Behind("Cast", [value], border.Fresh($"{Source}, float32"), ("to", (long)Onnx.ElementType.Float));
        }

        if (SourceValue.Shape[0] != (batch ?? TrialRun.Images))
        {
            // One image without a dimension for the batch, or one that stands behind others.
            string shape = border.Constant($"{Source}, shape", Onnx.TensorValue.Of([batch ?? -1L, (long)Length], 2));
            value = border.Behind("Reshape", [value, shape], border.Fresh($"{Source}, rows"));
        }
        else if (SourceValue.Shape.Count != 2)
        {
            value = border.Behind("Flatten", [value], border.Fresh($"{Source}, rows"));
        }

        return (Kind, IsBeforeActivation) switch
        {
            (Activation.Sigmoids, true) when Length > 1 => LogSigmoid(border, value),
            (Activation.Probabilities or Activation.Sigmoids, false) => Logarithm(border, Length > 1 ? value : Both(border, One(border, value), value)),
            _ => Length > 1 ? value : Both(border, border.Behind("Sub", [value, value], border.Fresh($"{Source}, 0")), value),
        };
    }

    private string LogSigmoid(GraphBorder border, string value)
    {
        string negative = border.Behind("Neg", [value], border.Fresh($"{Source}, negative"));
        return border.Behind("Neg", [border.Behind("Softplus", [negative], border.Fresh($"{Source}, softplus"))], border.Fresh($"{Source}, log sigmoid"));
    }

    private string One(GraphBorder border, string value)
        => border.Behind("Sub", [border.Constant($"{Source}, 1", Onnx.TensorValue.Of([1f])), value], border.Fresh($"{Source}, of the first class"));

    private string Both(GraphBorder border, string first, string second)
        => border.Behind("Concat", [first, second], border.Fresh($"{Source}, of both classes"), ("axis", 1L));

    private string Logarithm(GraphBorder border, string value)
        => border.Behind("Log", [border.AtLeast(value, ScoreRows.SmallestNormal)], border.Fresh($"{Source}, logarithm"));

    private static float SoftPlus(float x) => MathF.Max(x, 0) + MathF.Log(1 + MathF.Exp(-MathF.Abs(x)));
}
