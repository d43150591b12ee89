using AuditKit.Training.Graphs;
using AuditKit.Training.Loop;
using AuditKit.Yaml;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.Regularisers;

/// <summary>
/// Orthogonal convolution (Wang et al., CVPR 2020, eq. 4): ‖Conv(K, K, padding = ⌊(k − 1)/s⌋·s, stride s) − I_r0‖²_F, I_r0
/// being the identity at the centre tap: the squared distance of WWᵀ's distinct rows from the identity's.
/// </summary>
/// <param name="task">The network.</param>
/// <param name="weight">γ.</param>
public sealed class OrthogonalConvolution(TrainingTask task, double weight) : WeightPenalty(task, weight)
{
    private protected override string Description => "Orthogonal convolution (‖Conv(K, K) − I_r0‖²_F of every layer's kernels)";

    /// <summary>The keys of its block.</summary>
    internal static IReadOnlyList<SpecKey> Keys { get; } = [WeightKey];

    /// <summary>Reads <c>method: { name: orthogonal-convolution, weight: γ }</c>.</summary>
    /// <exception cref="AuditException">The weight is missing or out of range.</exception>
    public static MethodFactory Parse(SpecMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        double weight = WeightKey.Read(map);
        return task => new OrthogonalConvolution(task, weight);
    }

    private protected override Tensor Penalty(LinearLayer layer) => Norm(layer);

    /// <summary>The penalty of a layer, summed over groups. Conv(K, K) at −δ is its transpose at δ, so that half of the shifts count twice.</summary>
    internal static Tensor Norm(LinearLayer layer) => SelfCorrelation.OfRows(layer)
        .Select(block => block.IsCentre
            ? (block.Values - eye(block.Values.shape[1], block.Values.shape[1], block.Values.dtype, block.Values.device)).square().sum()
            : 2 * block.Values.square().sum())
        .Aggregate((sum, block) => sum + block);
}
