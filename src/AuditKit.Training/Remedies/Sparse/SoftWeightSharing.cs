using AuditKit.Training.Graphs;
using AuditKit.Training.Loop;
using AuditKit.Yaml;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.Sparse;

/// <summary>
/// Soft weight-sharing (Ullrich, Meeds and Welling, Soft weight-sharing for neural network compression, ICLR 2017): the prior of all
/// weights is a mixture of normal distributions, one of them fixed at zero with a fixed, large share; means, precisions and the
/// other shares are learnt with the weights: per image, mean cross-entropy − τ·log p(w)/N (eq. 3). Precisions have the authors' gamma priors. In the
/// model that is given out components that say the same are joined, and every weight is the mean of the component that most
/// likely made it: few distinct values, most of them zero.
/// </summary>
public sealed class SoftWeightSharing : SparseMethod
{
    // The authors' code learns means at a fifth and precisions and shares at six times the weights' rate. Adam's steps are of the
    // rate's size whatever the gradient's, so that a parameter multiplied by a factor moves by that much more.
    private const double MeanPace = 0.2, OtherPace = 6;

    /// <summary>Shape and rate of the gamma priors of the precisions 1/σ²: of the component at zero, and of the others.</summary>
    private static readonly (double Shape, double Rate)[] s_gammas = [(5000, 2), (250, 0.1)];

    // The authors' components begin over −0.6 … 0.6 with σ = 0.25, on a network with few weights beyond.
    private const double DeviationByRange = 0.25 / 0.6, WithinRange = 0.999;

    private static readonly NumberKey s_weight = new("weight", "τ: how much the prior weighs; 1 would be its due", 0.005, 0, 1000);
    private static readonly IntegerKey s_components = new("components", "Components of the mixture beside the one at zero", 15, 1, 256);
    private static readonly NumberKey s_zeroShare = new("zero-share", "The share of the component at zero", 0.99, 0.01, 0.99999);
    private static readonly NumberKey s_from = new("from", "The share of the run after which the prior acts, on a network that has been trained", 0.5, 0, 0.9);

    /// <summary>The keys of its block.</summary>
    internal static IReadOnlyList<SpecKey> Keys { get; } = [s_weight, s_components, s_zeroShare, s_from];

    private readonly TrainingTask _task;
    private readonly double _weight;
    private readonly double _zeroShare;
    private readonly int _first;
    private readonly Parameter _means;
    private readonly Parameter _precisions;
    private readonly Parameter _shares;
    private readonly Tensor _quantising;
    private int _epoch = -1;

    private SoftWeightSharing(TrainingTask task, double weight, int components, double zeroShare, double from)
        : base(task)
    {
        if (!task.Recipe.Optimiser.IsAdaptive)
        {
            throw new AuditException($"{task.Recipe.Name}: soft weight-sharing learns means, precisions and shares at paces that need steps of "
                + "the rate's size, whatever the gradient's. Set optimiser.name to adam or adamw.");
        }

        (_task, _weight, _zeroShare, _first) = (task, weight, zeroShare, EpochAt(from, Epochs));
        Device device = task.Network.Device;
        _means = new Parameter(zeros(components, device: device));
        _precisions = new Parameter(zeros(components + 1, device: device));
        _shares = new Parameter(zeros(components, device: device));
        _quantising = zeros(3).DetachFromDisposeScope();
    }

    /// <summary>Reads <c>method: { name: soft-weight-sharing, weight: 0.005, components: 15, zero-share: 0.99, from: 0.5 }</c>.</summary>
    public static MethodFactory Parse(SpecMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        (double weight, int components, double zeroShare, double from)
            = (s_weight.Read(map), s_components.Read(map), s_zeroShare.Read(map), s_from.Read(map));
        return task => new SoftWeightSharing(task, weight, components, zeroShare, from);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => [_means, _precisions, _shares];

    /// <summary>Validation accuracy before every weight became its component's mean, that after it, and ‖w − ŵ‖/‖w‖; of the last epoch.</summary>
    public override IReadOnlyList<Tensor> State => [_quantising];

    private protected override string Description
    {
        get
        {
            using DisposeScope scope = NewDisposeScope();
            long values = Mixture().Joined().Means.numel();
            float[] quantising = _quantising.ToFloats();
            return FormattableString.Invariant(
                $"Soft weight-sharing from epoch {_first + 1}, τ = {_weight}, {_means.numel()} components beside the one at zero, which has a share of ")
                + FormattableString.Invariant($"{_zeroShare}. Joined, they leave {values} values that a weight can have, so that its index takes ")
                + FormattableString.Invariant($"{Math.Ceiling(Math.Log2(Math.Max(2, values)))} bits; the file below stores floats all the same. ")
                // A run that stopped before its last epoch has measured nothing.
                + (Array.TrueForAll(quantising, figure => figure == 0) ? ""
                    : $"Of the images that are held out {NumberText.Percent(quantising[0])} are classified rightly before weights become these values, "
                        + $"{NumberText.Percent(quantising[1])} with them; ‖w − ŵ‖/‖w‖ = {NumberText.Fixed(quantising[2], 4)}.");
        }
    }

    /// <inheritdoc/>
    public override Tensor Loss(TrainingStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        int epoch = Epoch(step);
        if (epoch != _epoch && epoch == _first)
        {
            Spread();
        }

        _epoch = epoch;
        Tensor loss = step.CrossEntropy();
        return epoch < _first ? loss : loss + (_weight / Images * Surprise());
    }

    /// <inheritdoc/>
    public override void Release()
    {
        if (_epoch < Epochs - 1)
        {
            base.Release();
            return;
        }

        using IDisposable gradients = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor weights = Weights();
        double before = Accuracy();
        base.Release();
        double distance = ((weights - Weights()).norm() / weights.norm()).item<float>();
        _quantising.copy_(tensor([(float)before, (float)Accuracy(), (float)distance]));
    }

    /// <summary>The mixture as it is now; component 0 is the one at zero.</summary>
    internal GaussianMixture Mixture()
    {
        Tensor means = cat([zeros_like(_means[..1]), MeanPace * _means]);
        Tensor rest = (OtherPace * _shares).log_softmax(0) + Math.Log(1 - _zeroShare);
        return new GaussianMixture(means, OtherPace * _precisions, cat([full_like(rest[..1], Math.Log(_zeroShare)), rest]));
    }

    /// <summary>−log p(w) − log p(1/σ²), up to a constant.</summary>
    internal Tensor Surprise()
    {
        GaussianMixture mixture = Mixture();
        Tensor surprise = -mixture.LogLikelihood(Weights());
        foreach ((Tensor logPrecisions, (double shape, double rate)) in new[] { mixture.LogPrecisions[..1], mixture.LogPrecisions[1..] }.Zip(s_gammas))
        {
            surprise += ((rate * logPrecisions.exp()) - ((shape - 1) * logPrecisions)).sum();
        }

        return surprise;
    }

    private protected override Tensor Released(int layer)
    {
        Tensor weights = Layers[layer].Weights;
        if (_epoch < _first)
        {
            return weights.clone();
        }

        GaussianMixture joined = Mixture().Joined();
        return joined.Means.index_select(0, joined.Likeliest(weights.flatten())).reshape(weights.shape);
    }

    private Tensor Weights() => cat([.. Layers.Select(layer => layer.Weights.flatten())]);

    // The share of the held-out images that the network classifies rightly as it is now.
    private double Accuracy()
    {
        var normalisation = new TensorNormalisation(_task.Normalisation, _task.Network.Device);
        bool[]? right = Evaluation.Right(_task.Network, normalisation, _task.Validation, _task.Recipe.Batch, _task.Cancellation);
        // Training ends with an error where answers are no numbers.
        return right?.Average(image => image ? 1.0 : 0) ?? 0;
    }

    // Components begin evenly over the range of nearly all weights, overlapping, with equal shares: a single large weight would set it for all.
    private void Spread()
    {
        using IDisposable gradients = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor magnitudes = Weights().abs();
        double range = Math.Max(1e-3, magnitudes.kthvalue((long)Math.Ceiling(WithinRange * magnitudes.numel()), 0).Item1.item<float>());
        long components = _means.numel();
        _means.copy_(linspace(-range, range, components, dtype: _means.dtype, device: _means.device) / MeanPace);
        _precisions.fill_(-2 * Math.Log(DeviationByRange * range) / OtherPace);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (Parameter parameter in Parameters)
        {
            parameter.Dispose();
        }

        _quantising.Dispose();
        base.Dispose(disposing);
    }
}
