namespace AuditKit.Training.Remedies;

/// <summary>What a method is trained with further where nobody says otherwise.</summary>
internal sealed record MethodSettings
{
    /// <summary>The optimiser's block of a recipe, but for rate and weight decay.</summary>
    public string Optimiser { get; init; } = "{ name: sgd, momentum: 0.9, nesterov: true }";

    /// <summary>The learning rate (our choice).</summary>
    public double Rate { get; init; } = 0.01;

    /// <summary>The optimiser's weight decay.</summary>
    public double WeightDecay { get; init; } = 0.0005;

    /// <summary>The share of the training images that is held out, to choose an epoch by, or to fit the last layer to.</summary>
    public double Validation { get; init; } = 0.1;

    /// <summary>Whether nothing but the last layer is fitted, once, so that there are no epochs.</summary>
    public bool IsLastLayer { get; init; }
}
