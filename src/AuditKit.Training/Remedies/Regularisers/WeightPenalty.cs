using AuditKit.Checks.Weights;
using AuditKit.Training.Graphs;
using AuditKit.Training.Loop;
using AuditKit.Yaml;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.Regularisers;

/// <summary>
/// Mean cross-entropy plus γ·Σ R(W) over the network's convolutions and matrix products. The penalties differ
/// in R. The card shows every layer's frame bounds before and after.
/// </summary>
public abstract class WeightPenalty : TrainingMethod
{
    private protected static readonly NumberKey WeightKey = new("weight", "γ: how much the penalty weighs", null, 0, 1e9) { IsRequired = true };

    private readonly TrainingTask _task;
    private readonly double _weight;
    private readonly IReadOnlyList<WeightLayer> _before;

    /// <summary>A penalty on the layers of a network.</summary>
    /// <param name="task">The network, as it is before training.</param>
    /// <param name="weight">γ, at least 0.</param>
    /// <exception cref="AuditException">The network has no convolution and no matrix product with trained weights.</exception>
    protected WeightPenalty(TrainingTask task, double weight)
    {
        ArgumentNullException.ThrowIfNull(task);
        (_task, _weight) = (task, weight);
        Layers = LinearLayer.Require(task.Network, "that a penalty could act on");
        _before = Measurable();
    }

    /// <summary>The layers that are penalised.</summary>
    private protected IReadOnlyList<LinearLayer> Layers { get; }

    /// <summary>The penalty's name and parameters, and what it does with which layers, for the card.</summary>
    private protected abstract string Description { get; }

    /// <inheritdoc/>
    public sealed override Tensor Loss(TrainingStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        Tensor loss = step.CrossEntropy();
        return loss + (_weight * Layers.Select(Penalty).Aggregate((sum, penalty) => sum + penalty));
    }

    /// <inheritdoc/>
    public sealed override string Report(string folder)
    {
        _task.Network.WriteBack();
        return $"{Description}, weight γ = {_weight}.\n\n"
            + FrameBoundsTable.Markdown(_before, Measurable(), get_num_threads(), _task.Progress, _task.Cancellation);
    }

    /// <summary>R(W) of a layer, a scalar with gradients.</summary>
    private protected abstract Tensor Penalty(LinearLayer layer);

    private IReadOnlyList<WeightLayer> Measurable()
        => LinearLayers.Find(_task.Classifier()).Layers;
}
