using AuditKit.Models.Onnx;
using AuditKit.Training.Graphs;
using AuditKit.Training.Loop;
using AuditKit.Yaml;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.Sparse;

/// <summary>
/// Dynamic network surgery (Guo, Yao and Chen, NIPS 2016): the network runs with W ⊙ T, a weight's mask T being cut where |w| falls
/// below a, spliced back where it exceeds b and left in between (eq. 3); gradients by W ⊙ T move all of W, so that what was cut may
/// grow back (eq. 4). a and b are 0.9 and 1.1 times the layer's mean magnitude plus some of its standard deviations when surgery
/// begins; masks change with a probability that falls as 1/(1 + 10⁻⁴·steps), all as in the authors' code, and at last no more.
/// </summary>
public sealed class DynamicNetworkSurgery : SparseMethod
{
    private const double Below = 0.9, Above = 1.1, Decay = 1e-4;

    private static readonly NumbersKey s_deviations = new(
        "deviations", "The standard deviations of a layer's magnitudes above their mean at which weights are cut, or a list of one for each layer", -1, 20)
    { IsRequired = true };

    /// <summary>The keys of its block.</summary>
    internal static IReadOnlyList<SpecKey> Keys { get; } = [s_deviations, .. Stages.Keys];

    private readonly GraphModule _network;
    private readonly IReadOnlyList<double> _deviations;
    private readonly Stages _stages;
    private readonly double _stepsAnEpoch;
    private readonly Tensor[] _masks;
    private readonly Tensor _thresholds;

    private DynamicNetworkSurgery(TrainingTask task, IReadOnlyList<double> deviations, Stages stages)
        : base(task)
    {
        (_network, _stages, _stepsAnEpoch) = (task.Network, stages, (double)Images / task.Recipe.Batch);
        _deviations = LayerNumbers.Of(s_deviations.Key, deviations, Layers);
        _masks = [.. Layers.Select(layer => ones_like(layer.Weights, requires_grad: false).DetachFromDisposeScope())];
        _thresholds = zeros(Layers.Count).DetachFromDisposeScope();
        _network.Hook = Cut;
    }

    /// <summary>Reads <c>method: { name: dynamic-network-surgery, deviations: 2, from: 0.2, until: 0.6 }</c>.</summary>
    /// <exception cref="AuditException">A value is missing or out of range.</exception>
    public static MethodFactory Parse(SpecMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        IReadOnlyList<double> deviations = s_deviations.Read(map);
        Func<Recipe, Stages> stages = Stages.Parse(map);
        return task => new DynamicNetworkSurgery(task, deviations, stages(task.Recipe));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> State => [.. _masks, _thresholds];

    private protected override string Description => $"Dynamic network surgery, {_stages}, weights cut below and spliced above their "
        + $"layer's mean magnitude plus {LayerNumbers.Text(_deviations)} standard deviations."
        + (_stages.Last < Epochs - 1 ? "" : " Masks changed until the run's end: what was left was not trained alone. More epochs, or a smaller 'until', would.");

    /// <inheritdoc/>
    public override int FirstKept(int epochs) => _stages.Last;

    /// <inheritdoc/>
    public override Tensor Loss(TrainingStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        double steps = ((step.Progress * Epochs) - _stages.First) * _stepsAnEpoch;
        if (Epoch(step) >= _stages.First && Epoch(step) <= _stages.Last && step.Random.NextDouble() < Chance(steps))
        {
            Operate();
        }

        return step.CrossEntropy();
    }

    /// <summary>The probability that masks change in a step, after so many steps of surgery.</summary>
    internal static double Chance(double steps) => 1 / (1 + (Decay * steps));

    /// <summary>The mask that follows one (eq. 3).</summary>
    internal static Tensor Next(Tensor mask, Tensor weights, double threshold)
    {
        Tensor magnitudes = weights.abs();
        return magnitudes.ge(Above * threshold).to(mask.dtype) + (mask * magnitudes.ge(Below * threshold) * magnitudes.lt(Above * threshold));
    }

    private protected override Tensor Released(int layer) => Layers[layer].Weights * _masks[layer];

    private void Operate()
    {
        using IDisposable gradients = no_grad();
        using DisposeScope scope = NewDisposeScope();
        float[] thresholds = _thresholds.ToFloats();
        if (Array.TrueForAll(thresholds, threshold => threshold == 0))
        {
            thresholds = [.. Layers.Select((layer, i) => Threshold(layer.Weights.abs(), _deviations[i]))];
            _thresholds.copy_(tensor(thresholds));
        }

        for (int i = 0; i < Layers.Count; i++)
        {
            _masks[i].copy_(Next(_masks[i], Layers[i].Weights, thresholds[i]));
        }
    }

    private static float Threshold(Tensor magnitudes, double deviations)
        => Math.Max(1e-20f, (float)(magnitudes.mean().item<float>() + (deviations * magnitudes.std(unbiased: false).item<float>())));

    // The value of W ⊙ T with the gradient of W, for all of it.
    private Tensor? Cut(Node node, IReadOnlyList<Tensor?> inputs, Func<IReadOnlyList<Tensor?>, Tensor> run)
    {
        if (LayerOf(node) is not { } layer)
        {
            return null;
        }

        Tensor weights = inputs[1]!;
        Tensor cut = weights.detach() * (AsTaken(node, _masks[layer]).to(weights.dtype) - 1);
        return run([inputs[0], weights + cut, .. inputs.Skip(2)]);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _network.Hook = null;
        _thresholds.Dispose();
        foreach (Tensor mask in _masks)
        {
            mask.Dispose();
        }

        base.Dispose(disposing);
    }
}
