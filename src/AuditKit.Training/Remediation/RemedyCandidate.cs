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

    /// <summary>The optimiser's block, but for rate and weight decay. Attribute-adversarial training is published with Adam, and its discriminator
    /// has to learn faster than the encoder can hide from it.</summary>
    public string Optimiser { get; init; } = Block.Text("name") == "aairm" ? "{ name: adam, head-rate: 0.001 }" : "{ name: sgd, momentum: 0.9, nesterov: true }";

    /// <summary>
    /// The learning rate (our choice). The published 1e-5 of attribute-adversarial training would move nothing in
    /// a remedy's few epochs.
    /// </summary>
    public double Rate { get; init; } = Block.Text("name") == "aairm" ? 1e-4 : 0.01;

    /// <summary>
    /// The optimiser's weight decay. Strong decay is a part of group DRO and of its kin (Sagawa et al. 2020);
    /// a frame's upper bound takes its place.
    /// </summary>
    public double WeightDecay { get; init; } = Block.Text("name") switch
    {
        "gdro" or "aairm" => 0.1,
        "clamp" => 0.01,
        "jtt" => 0.001,
        "frame" => 0,
        _ => 0.0005,
    };

    /// <summary>Whether nothing but the last layer is fitted, once, so that there are no epochs.</summary>
    public bool IsLastLayer { get; } = Block.Text("name") is "dfr" or "afr";

    /// <summary>The share of its training images that the recipe holds out, to choose its epoch by, or to fit the last layer on.</summary>
    /// <remarks>DFR trains on none of the others, so that it is given most of them.</remarks>
    public double Validation { get; init; } = Block.Text("name") switch { "dfr" => 0.9, "afr" => 0.2, _ => 0.1 };

    /// <summary>The same with what a spec says of the optimiser.</summary>
    internal RemedyCandidate With(RemedySpec remedy) => this with { Rate = remedy.Rate ?? Rate, WeightDecay = remedy.WeightDecay ?? WeightDecay };

    /// <summary>The method with its settings in a line.</summary>
    public override string ToString()
    {
        string block = Block.ToYaml().Trim().ReplaceLineEndings(" ");
        return IsLastLayer ? $"{Method} {block}" : FormattableString.Invariant($"{Method} {block}, rate {Rate}, weight decay {WeightDecay}");
    }
}
