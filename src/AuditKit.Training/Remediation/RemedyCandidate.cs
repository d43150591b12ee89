using AuditKit.Yaml;

namespace AuditKit.Training.Remediation;

/// <summary>One thing to try: a method with its settings.</summary>
/// <param name="Method">The method in the field's words.</param>
/// <param name="Block">The recipe's <c>method:</c> block.</param>
public sealed record RemedyCandidate(string Method, SpecMap Block)
{
    /// <summary>A candidate of a block's text.</summary>
    internal RemedyCandidate(string method, string block)
        : this(method, SpecMap.Parse("method", block))
    {
    }

    /// <summary>The optimiser's block, but for its weight decay; the rate is the spec's where it is missing here.</summary>
    public string Optimiser { get; init; } = "{ name: sgd, momentum: 0.9, nesterov: true }";

    /// <summary>The optimiser's weight decay, where the spec does not say it.</summary>
    public double WeightDecay { get; init; } = 0.0005;

    /// <summary>Whether nothing but the last layer is fitted, once, so that there are no epochs.</summary>
    public bool IsLastLayer { get; init; }

    /// <summary>The share of its training images that the recipe holds out, to choose its epoch by, or to fit the last layer on.</summary>
    public double Validation { get; init; } = 0.1;

    /// <summary>The method with its settings in a line.</summary>
    public override string ToString()
    {
        string block = Block.ToYaml().Trim().ReplaceLineEndings(" ");
        return IsLastLayer ? $"{Method} {block}" : FormattableString.Invariant($"{Method} {block}, weight decay {WeightDecay}");
    }
}
