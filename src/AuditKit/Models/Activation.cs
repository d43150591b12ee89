using AuditKit.Yaml;

namespace AuditKit.Models;

/// <summary>What the numbers are that a model gives for an image.</summary>
public enum Activation
{
    /// <summary>Unbounded scores, whose softmax are probabilities.</summary>
    Logits,

    /// <summary>Probabilities: each in [0, 1], 1 in sum.</summary>
    Probabilities,

    /// <summary>Logarithms of probabilities.</summary>
    LogProbabilities,

    /// <summary>A probability for each class by itself, in [0, 1]; a single one is that of the second of two classes.</summary>
    Sigmoids,
}

/// <summary>How specs write an <see cref="Activation"/>.</summary>
internal static class Activations
{
    /// <summary>The key of the <c>model:</c> block; absent, the graph or the numbers say it.</summary>
    public static readonly ChoiceKey<Activation?> Key = new(
        "activation",
        "What the output's numbers are, where neither the graph nor their sums say it",
        new Dictionary<string, Activation?>
        {
            ["logits"] = Activation.Logits,
            ["probabilities"] = Activation.Probabilities,
            ["log-probabilities"] = Activation.LogProbabilities,
            ["sigmoids"] = Activation.Sigmoids,
        },
        null);
}
