using AuditKit.Models.Onnx;
using AuditKit.Training.Graphs;
using AuditKit.Training.Loop;
using AuditKit.Yaml;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.Sparse;

/// <summary>
/// Sparse variational dropout (Molchanov, Ashukha and Vetrov, Variational dropout sparsifies deep neural networks, ICML 2017): every
/// weight has a distribution q(w) = N(θ, σ²) of its own against a log-uniform prior, and the evidence lower bound is climbed: per
/// image, mean cross-entropy + KL(q‖p)/N. Layers draw their outputs instead of their weights, independently for each image (the local
/// reparametrisation of Kingma, Salimans and Welling, NIPS 2015). Weights that are noise, log α = log σ² − log θ² above a threshold, are
/// 0 in the model that is given out, the others their means.
/// </summary>
public sealed class SparseVariationalDropout : SparseMethod
{
    private static readonly NumberKey s_threshold = new(
        "threshold", "The log α above which a weight is dropped at test time", 3, -LogUniformDivergence.Bound, LogUniformDivergence.Bound);
    private static readonly NumberKey s_logVariance = new("log-variance", "What every weight's log σ² starts at", -10, -30, 0);
    private static readonly NumberKey s_weight = new("weight", "How much the KL divergence weighs; 1 is the evidence lower bound", 1, 0, 1e6);
    private static readonly NumberKey s_warmUp = new("warm-up", "Epochs over which that weight rises linearly from 0", 5, 0, 1e6);

    /// <summary>The keys of its block.</summary>
    internal static IReadOnlyList<SpecKey> Keys { get; } = [s_threshold, s_logVariance, s_weight, s_warmUp];

    private readonly GraphModule _network;
    private readonly double _threshold;
    private readonly double _weight;
    private readonly double _warmUp;
    private readonly Parameter[] _logVariances;
    private readonly NormalNoise _noise;

    /// <summary>The method, every weight nearly certain.</summary>
    /// <param name="task">The network and how many images it learns from.</param>
    /// <param name="threshold">The log α above which a weight is dropped.</param>
    /// <param name="logVariance">What log σ² starts at.</param>
    /// <param name="weight">How much the KL divergence weighs.</param>
    /// <param name="warmUp">Epochs over which that weight rises from 0.</param>
    /// <exception cref="AuditException">The network has no convolution and no matrix product with trained weights.</exception>
    public SparseVariationalDropout(TrainingTask task, double threshold, double logVariance, double weight, double warmUp)
        : base(task)
    {
        (_network, _threshold, _weight, _warmUp) = (task.Network, threshold, weight, warmUp);
        _logVariances = [.. Layers.Select(layer => new Parameter(full_like(layer.Weights, logVariance)))];
        _noise = new NormalNoise(_network.Device);
        _network.Hook = Draw;
    }

    /// <summary>Reads <c>method: { name: sparse-variational-dropout, threshold: 3, log-variance: -10, weight: 1, warm-up: 5 }</c>.</summary>
    public static MethodFactory Parse(SpecMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        (double threshold, double logVariance, double weight, double warmUp)
            = (s_threshold.Read(map), s_logVariance.Read(map), s_weight.Read(map), s_warmUp.Read(map));
        return task => new SparseVariationalDropout(task, threshold, logVariance, weight, warmUp);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => _logVariances;

    private protected override string Description => FormattableString.Invariant(
        $"Sparse variational dropout: weights with log α above {_threshold} were dropped, KL weight {Weight(1)} after ")
        + FormattableString.Invariant($"{Math.Min(_warmUp, Epochs)} epochs of warm-up. ")
        + "The last epoch is kept, because sparsity comes last. Known since: magnitude pruning can do better (Gale, Elsen and Hooker, The state "
        + "of sparsity in deep neural networks, 2019); the optimum is a local one and the variances hardly move from their start, so that the "
        + "divergence acts as a penalty on weights rather than as a posterior.";

    /// <inheritdoc/>
    public override Tensor Loss(TrainingStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        _noise.Seed(step.Random);
        Tensor loss = step.CrossEntropy();
        double weight = Weight(step.Progress) / Images;
        return weight == 0 ? loss : loss + (weight * Layers.Select((layer, i) => LogUniformDivergence.Of(layer.Weights, _logVariances[i]))
            .Aggregate((sum, divergence) => sum + divergence));
    }

    /// <summary>The weight of the divergence when a share of the run is done.</summary>
    internal double Weight(double progress) => _warmUp == 0 ? _weight : _weight * Math.Min(1, progress * Epochs / _warmUp);

    private protected override Tensor Released(int layer)
        => Layers[layer].Weights * LogUniformDivergence.LogAlpha(Layers[layer].Weights, _logVariances[layer]).le(_threshold);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _network.Hook = null;
        _noise.Dispose();
        foreach (Parameter parameter in _logVariances)
        {
            parameter.Dispose();
        }

        base.Dispose(disposing);
    }

    // A linear layer's output is normal: its mean is that of the mean weights, its variance the same map of squares.
    private Tensor? Draw(Node node, IReadOnlyList<Tensor?> inputs, Func<IReadOnlyList<Tensor?>, Tensor> run)
    {
        if (LayerOf(node) is not { } layer)
        {
            return null;
        }

        Tensor mean = run(inputs);
        Tensor variance = run([inputs[0]!.square(), AsTaken(node, _logVariances[layer].exp()).to(inputs[1]!.dtype)]);
        double scale = ScaleOf(node);
        variance = scale == 1 ? variance : variance * scale;
        // Some kernels of GPUs round sums of squares to less than 0. Detached, for autograd would keep what it clamps.
        variance.detach().clamp_min_(0);
        return mean.addcmul(variance.add_(LogUniformDivergence.Tiny).sqrt_(), _noise.Like(mean), 1);
    }
}
