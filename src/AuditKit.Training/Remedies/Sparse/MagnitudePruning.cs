using AuditKit.Training.Graphs;
using AuditKit.Training.Loop;
using AuditKit.Yaml;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.Sparse;

/// <summary>
/// Magnitude pruning with retraining (Han, Pool, Tran and Dally, Learning both weights and connections for efficient neural networks,
/// NIPS 2015): the network is trained, its smallest weights are set to zero and stay there, what is left is trained on. Weights go in
/// steps, one an epoch, by the cubic schedule of Zhu and Gupta (To prune, or not to prune, 2017, eq. 1). One sparsity for the whole
/// network compares weights of all layers; one for each layer compares those of that layer alone.
/// </summary>
public sealed class MagnitudePruning : SparseMethod
{
    private static readonly NumbersKey s_sparsity = new(
        "sparsity", "The share of the weights that become zero: of the network, or a list of one for each layer", 0, 0.99999)
    { IsRequired = true };

    /// <summary>The keys of its block.</summary>
    internal static IReadOnlyList<SpecKey> Keys { get; } = [s_sparsity, .. Stages.Keys];

    private readonly IReadOnlyList<double> _sparsity;
    private readonly Stages _stages;
    private readonly Tensor[] _masks;
    private readonly long _seed;
    private int _epoch = -1;

    /// <summary>The method before any weight is removed.</summary>
    private MagnitudePruning(TrainingTask task, IReadOnlyList<double> sparsity, Stages stages)
        : base(task)
    {
        _sparsity = sparsity.Count == 1 ? sparsity : LayerNumbers.Of(s_sparsity.Key, sparsity, Layers);
        (_stages, _seed) = (stages, task.Recipe.Seed);
        _masks = [.. Layers.Select(layer => ones_like(layer.Weights, requires_grad: false).DetachFromDisposeScope())];
    }

    /// <summary>Reads <c>method: { name: magnitude-pruning, sparsity: 0.92, from: 0.2, until: 0.6 }</c>.</summary>
    /// <exception cref="AuditException">A value is missing or out of range.</exception>
    public static MethodFactory Parse(SpecMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        IReadOnlyList<double> sparsity = s_sparsity.Read(map);
        Func<Recipe, Stages> stages = Stages.Parse(map);
        return task => new MagnitudePruning(task, sparsity, stages(task.Recipe));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> State => _masks;

    private protected override string Description => $"Magnitude pruning, {_stages}, to a sparsity of {LayerNumbers.Text(_sparsity)} "
        + $"({(_sparsity.Count == 1 ? "weights of all layers compared" : "each layer by itself")}), then retraining.";

    /// <inheritdoc/>
    public override int FirstKept(int epochs) => _stages.Last;

    /// <inheritdoc/>
    public override Tensor Loss(TrainingStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        int epoch = Epoch(step);
        if (epoch != _epoch)
        {
            _epoch = epoch;
            Prune(Share(epoch));
        }

        // Until the first weights go every mask is 1.
        if (epoch >= _stages.First)
        {
            Release();
        }

        return step.CrossEntropy();
    }

    /// <summary>How much of the final sparsity is reached at the beginning of an epoch, in [0, 1].</summary>
    internal double Share(int epoch)
    {
        double left = 1 - Math.Clamp((epoch - _stages.First + 1.0) / (_stages.Last - _stages.First + 1), 0, 1);
        return 1 - (left * left * left);
    }

    private protected override Tensor Released(int layer) => Layers[layer].Weights * _masks[layer];

    private void Prune(double share)
    {
        using IDisposable gradients = no_grad();
        using DisposeScope scope = NewDisposeScope();
        // What has gone is smaller than any weight, and stays away.
        Tensor[] magnitudes = [.. Layers.Select((layer, i) => where(_masks[i] > 0, layer.Weights.abs(), full_like(layer.Weights, -1)))];
        Tensor[] flat = [.. magnitudes.Select(layer => layer.flatten())];
        Tensor[] masks = _sparsity.Count == 1 ? Largest(cat(flat), share * _sparsity[0], 0).split([.. flat.Select(layer => layer.numel())])
            : [.. flat.Select((layer, i) => Largest(layer, share * _sparsity[i], i))];
        for (int i = 0; i < Layers.Count; i++)
        {
            _masks[i].copy_(masks[i].reshape(magnitudes[i].shape));
        }
    }

    // 1 for all but a share of the magnitudes, the smallest. Of those that equal the last one to go as many go as must, drawn by the seed: networks
    // whose weights take few values would lose all of them, or whole filters.
    private Tensor Largest(Tensor magnitudes, double share, int part)
    {
        long removed = (long)Math.Round(share * magnitudes.numel());
        if (removed == 0)
        {
            return ones_like(magnitudes);
        }

        Tensor last = magnitudes.kthvalue(removed, 0).Item1;
        Tensor mask = magnitudes.ge(last).to(magnitudes.dtype);
        long[] equal = magnitudes.eq(last).nonzero().flatten().ToLongs();
        int[] order = [.. Enumerable.Range(0, equal.Length)];
        CounterRandom.For(_seed, $"magnitude-pruning/{part}", _epoch).Shuffle(order);
        int smaller = (int)(magnitudes.numel() - mask.count_nonzero().item<long>());
        long[] going = [.. order.Take((int)removed - smaller).Select(i => equal[i])];
        return mask.index_fill_(0, tensor(going, device: magnitudes.device), 0);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (Tensor mask in _masks)
        {
            mask.Dispose();
        }

        base.Dispose(disposing);
    }
}
