using AuditKit.Training.Graphs;
using AuditKit.Training.Loop;
using AuditKit.Yaml;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.Transfer;

/// <summary>
/// DELTA (Li et al., ICLR 2019): cross-entropy + β/2·Σ_layers ‖FM(x) − FM⁰(x)‖² + α/2·‖w_cl‖², FM⁰ being the feature maps of the network
/// at the start, in evaluation mode. As in its authors' code the norm sums over the batch; with attention it is c·Σ_c w_c·‖·‖²_c / (h·w)
/// with the weights of <see cref="ChannelImportance"/>; and the classifier's bias is drawn to zero, too.
/// </summary>
public sealed class Delta : TrainingMethod
{
    private static readonly FlagKey s_attention = new("attention", "Whether channels weigh by what the loss rises when they are cut");
    private static readonly ListKey s_layers = new("layers", "Values whose feature maps are compared; absent, the deepest convolution of each resolution");

    /// <summary>The keys of its block.</summary>
    internal static IReadOnlyList<SpecKey> Keys { get; } = [TransferKeys.Beta, TransferKeys.Alpha, TransferKeys.Embedding, s_attention, s_layers];

    private readonly TransferParts _parts;
    private readonly GraphModule _source;
    private readonly IReadOnlyList<string> _layers;
    private readonly Tensor[]? _attention;
    private readonly double _beta;
    private readonly double _alpha;

    /// <summary>The method at the start of a run.</summary>
    /// <param name="task">The network, as it is before training, and the data.</param>
    /// <param name="beta">β: how strongly feature maps are drawn to those at the start.</param>
    /// <param name="alpha">α: how strongly the classifier is drawn to zero.</param>
    /// <param name="attention">Whether channels weigh by their importance to the target task.</param>
    /// <param name="layers">Names of values whose feature maps are compared; empty for the deepest convolution of each resolution.</param>
    /// <param name="embedding">The value that the classifier reads; null for the one that an audit takes.</param>
    /// <exception cref="AuditException">The network has no such value, no convolution, or no classifier layer.</exception>
    public Delta(TrainingTask task, double beta, double alpha, bool attention, IReadOnlyList<string> layers, string? embedding)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(layers);
        (_beta, _alpha, _parts) = (beta, alpha, TransferParts.Of(task, embedding));
        string[] values = [.. task.Network.Nodes.SelectMany(node => node.Outputs)];
        if (layers.Except(values).FirstOrDefault() is { } unknown)
        {
            throw new AuditException($"{task.Recipe.Name}: method.layers: nothing gives the value '{unknown}' in the network."
                + $"{Spelling.Nearest(unknown, values)} Leave 'layers' out for the deepest convolution of each resolution.");
        }

        _layers = layers.Count > 0 ? layers : FeatureLayers.Find(task);
        _source = Copy(task.Network);
        if (attention)
        {
            _attention = [.. ChannelImportance.Rises(task, _layers, embedding).Select(rises
                => tensor(ChannelImportance.Weights(rises)).to(ScalarType.Float32).to(task.Network.Device).DetachFromDisposeScope())];
        }
    }

    /// <summary>Reads <c>method: { name: delta, beta: 0.01, alpha: 0.01, attention: false, layers: [VALUE, …], embedding: VALUE }</c>.</summary>
    /// <exception cref="AuditException">A value is out of range.</exception>
    public static MethodFactory Parse(SpecMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        (double beta, double alpha, bool attention) = (TransferKeys.Beta.Read(map), TransferKeys.Alpha.Read(map), s_attention.Read(map));
        IReadOnlyList<string> layers = map.List(s_layers.Key, []);
        string? embedding = TransferKeys.Embedding.Read(map);
        return task => new Delta(task, beta, alpha, attention, layers, embedding);
    }

    /// <inheritdoc/>
    public override bool NeedsPixels => true;

    /// <inheritdoc/>
    public override Tensor Loss(TrainingStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        Tensor input = step.Normalise(step.Images());
        Tensor[] values = step.Network.Run(input, [step.Network.Result, .. _layers]);
        Tensor[] starts;
        using (no_grad())
        {
            starts = _source.Run(input, _layers);
        }

        Tensor loss = nn.functional.cross_entropy(values[0], step.Labels);
        for (int i = 0; i < starts.Length; i++)
        {
            loss += 0.5 * _beta * Distance(values[i + 1], starts[i], _attention?[i]);
        }

        return TransferKeys.WithDecay(loss, _parts.Classifier.Values, _alpha);
    }

    /// <inheritdoc/>
    public override string Report(string folder)
        => $"DELTA{(_attention is null ? "" : " with channel attention")}, β = {_beta}, α = {_alpha}, on the feature maps "
            + $"{string.Join(", ", _layers.Select(layer => $"`{layer}`"))}.";

    /// <summary>How far feature maps are from those at the start, summed over the batch.</summary>
    /// <param name="map">b×c×….</param>
    /// <param name="start">Of the same shape.</param>
    /// <param name="attention">The c channels' weights; null for all alike.</param>
    internal static Tensor Distance(Tensor map, Tensor start, Tensor? attention)
    {
        Tensor squares = (map - start).square();
        if (attention is null)
        {
            return squares.sum();
        }

        long channels = map.shape[1];
        double positions = (double)map.numel() / (map.shape[0] * channels);
        return channels / positions * (squares.transpose(0, 1).flatten(1).sum([1L]) * attention).sum();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _source.Dispose();
        foreach (Tensor weights in _attention ?? [])
        {
            weights.Dispose();
        }

        base.Dispose(disposing);
    }

    // The network as it is, which may no longer be as its graph says.
    private static GraphModule Copy(GraphModule network)
    {
        var copy = new GraphModule(network.Graph, network.Device) { Result = network.Result, Precision = network.Precision };
        using IDisposable gradients = no_grad();
        foreach ((string name, Parameter value) in network.Parameters)
        {
            copy.Parameters[name].copy_(value);
        }

        foreach ((string name, Tensor value) in network.Buffers)
        {
            copy.Buffers[name].copy_(value);
        }

        // Frozen, it computes as in evaluation mode, and as precisely as the network that it is compared with.
        copy.Freeze(copy.Nodes.ToHashSet());
        copy.Training = true;
        return copy;
    }
}
