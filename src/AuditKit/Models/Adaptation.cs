namespace AuditKit.Models;

/// <summary>How a model adapts itself to the images that it is shown, without their labels.</summary>
public abstract record Adaptation
{
    private protected Adaptation()
    {
    }

    /// <summary>How specs call it: <c>batch-norm</c>.</summary>
    public abstract string Key { get; }

    /// <summary>The name, with every setting: <c>batch-norm-16</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Whether a batch changes what is said of the batches after it.</summary>
    public abstract bool CarriesOver { get; }
}

/// <summary>
/// Batch norm by (N·source + n·batch)/(N + n): the statistics of training and those of a batch of n images (Schneider et al.,
/// Improving Robustness Against Common Corruptions by Covariate Shift Adaptation, NeurIPS 2020, eq. 1).
/// </summary>
/// <param name="SourceImages">N ≥ 0, as how many images training's statistics count; 0 takes the batch's alone.</param>
public sealed record BatchNormAdaptation(double SourceImages) : Adaptation
{
    /// <inheritdoc/>
    public override string Key => "batch-norm";

    /// <inheritdoc/>
    public override string Name => $"{Key}-{InvariantText.Of(SourceImages)}";

    /// <inheritdoc/>
    public override bool CarriesOver => false;
}

/// <summary>
/// TENT (Wang et al., Tent: Fully Test-Time Adaptation by Entropy Minimization, ICLR 2021): batch norm by the batch's own
/// statistics, and after each batch one step of an optimiser on batch norm's scales and shifts that lowers the mean entropy of
/// what was said of it.
/// </summary>
/// <param name="Optimiser">What steps.</param>
/// <param name="Rate">The learning rate, above 0.</param>
public sealed record TentAdaptation(TentOptimiser Optimiser, double Rate) : Adaptation
{
    /// <inheritdoc/>
    public override string Key => "tent";

    /// <inheritdoc/>
    public override string Name => $"{Key}-{(Optimiser == TentOptimiser.Adam ? "adam" : "sgd")}-{InvariantText.Of(Rate)}";

    /// <inheritdoc/>
    public override bool CarriesOver => true;
}

/// <summary>The optimisers that TENT was published with.</summary>
public enum TentOptimiser
{
    /// <summary>Adam, β = 0.9 and 0.999.</summary>
    Adam,

    /// <summary>Gradient descent with a momentum of 0.9.</summary>
    Sgd,
}
