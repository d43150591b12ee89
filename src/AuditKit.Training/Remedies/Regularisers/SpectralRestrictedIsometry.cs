using AuditKit.Training.Graphs;
using AuditKit.Training.Libtorch;
using AuditKit.Training.Loop;
using AuditKit.Yaml;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.Regularisers;

/// <summary>
/// Spectral restricted isometry (Bansal et al., NeurIPS 2018, eq. 6): the spectral norm σ(WᵀW − I) of every layer's filter
/// matrix, over its smaller side, by power iteration that goes on from step to step.
/// </summary>
public sealed class SpectralRestrictedIsometry : WeightPenalty
{
    /// <summary>Multiplications by WᵀW − I in a step, as in the paper (its eq. 8).</summary>
    private const int Iterations = 2;

    private readonly Dictionary<string, Tensor> _directions = [];

    /// <summary>The penalty at the start of a run.</summary>
    /// <param name="task">The network.</param>
    /// <param name="weight">γ.</param>
    public SpectralRestrictedIsometry(TrainingTask task, double weight)
        : base(task, weight)
    {
        foreach (LinearLayer layer in Layers)
        {
            _directions.Add(layer.Name, Start(layer, task.Recipe.Seed).to(task.Network.Device).DetachFromDisposeScope());
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> State => [.. _directions.Values];

    private protected override string Description => "Spectral restricted isometry (σ(WᵀW − I) of every layer's filters, over the "
        + "smaller Gram side, by power iteration)";

    /// <summary>The keys of its block.</summary>
    internal static IReadOnlyList<SpecKey> Keys { get; } = [WeightKey];

    /// <summary>Reads <c>method: { name: srip, weight: γ }</c>.</summary>
    /// <exception cref="AuditException">The weight is missing or out of range.</exception>
    public static MethodFactory Parse(SpecMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        double weight = WeightKey.Read(map);
        return task => new SpectralRestrictedIsometry(task, weight);
    }

    private protected override Tensor Penalty(LinearLayer layer) => Norm(layer, _directions[layer.Name]);

    /// <summary>A random direction for every group of a layer: groups×n×1, n being the smaller side.</summary>
    internal static Tensor Start(LinearLayer layer, long seed)
    {
        long[] shape = layer.Filters().shape;
        var random = CounterRandom.For(seed, $"srip/{layer.Name}", 0);
        long n = Math.Min(shape[1], shape[2]);
        float[] values = [.. Enumerable.Range(0, checked((int)(shape[0] * n))).Select(_ => (float)random.NextNormal())];
        return nn.functional.normalize(tensor(values, [shape[0], n, 1]).to(layer.Weights.dtype), 2, 1);
    }

    /// <summary>
    /// ‖(WᵀW − I)u‖, u being the direction after two more iterations: the spectral norm once u has settled, below it
    /// before. The gradient takes u as given, which is exact for an eigenvector.
    /// </summary>
    /// <param name="layer">The layer.</param>
    /// <param name="direction">groups×n×1 unit vectors, brought forward in place.</param>
    internal static Tensor Norm(LinearLayer layer, Tensor direction)
    {
        Tensor filters = layer.Filters();
        Tensor tall = filters.shape[1] <= filters.shape[2] ? filters.transpose(1, 2) : filters;
        Tensor wide = tall.transpose(1, 2);
        using (no_grad())
        {
            for (int i = 0; i < Iterations; i++)
            {
                // An orthonormal matrix has WᵀW − I = 0: every direction is as good then.
                Tensor next = Distortion(direction);
                Tensor length = next.norm(1, keepdim: true);
                direction.copy_(where(length.gt(0), next / length, direction));
            }
        }

        // A block-diagonal matrix has the largest of its blocks' norms.
        return Distortion(direction.clone()).norm(1).max();

        Tensor Distortion(Tensor vector) => MatrixProduct.Of(wide, MatrixProduct.Of(tall, vector)) - vector;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (Tensor direction in _directions.Values)
        {
            direction.Dispose();
        }

        base.Dispose(disposing);
    }
}
