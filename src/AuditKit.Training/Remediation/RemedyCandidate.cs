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

    /// <summary>The optimiser's block, but for rate and weight decay.</summary>
    public string Optimiser { get; } = RemedyDefaults.Of(Block.Text("name")).Optimiser;

    /// <summary>The learning rate.</summary>
    public double Rate { get; init; } = RemedyDefaults.Of(Block.Text("name")).Rate;

    /// <summary>The optimiser's weight decay.</summary>
    public double WeightDecay { get; init; } = RemedyDefaults.Of(Block.Text("name")).WeightDecay;

    /// <summary>Whether nothing but the last layer is fitted, once, so that there are no epochs.</summary>
    public bool IsLastLayer { get; } = RemedyDefaults.Of(Block.Text("name")).IsLastLayer;

    /// <summary>The share of its training images that the recipe holds out, to choose its epoch by, or to fit the last layer to.</summary>
    public double Validation { get; init; } = RemedyDefaults.Of(Block.Text("name")).Validation;

    /// <summary>The same with what a spec says of the optimiser.</summary>
    internal RemedyCandidate With(RemedySpec remedy) => this with { Rate = remedy.Rate ?? Rate, WeightDecay = remedy.WeightDecay ?? WeightDecay };

    /// <summary>The method with its settings in a line.</summary>
    public override string ToString()
    {
        string block = Block.ToYaml().Trim().ReplaceLineEndings(" ");
        return IsLastLayer ? $"{Method} {block}" : FormattableString.Invariant($"{Method} {block}, rate {Rate}, weight decay {WeightDecay}");
    }
}
