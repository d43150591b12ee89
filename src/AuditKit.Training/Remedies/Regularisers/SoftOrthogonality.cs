using AuditKit.Training.Graphs;
using AuditKit.Training.Loop;
using AuditKit.Yaml;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.Regularisers;

/// <summary>
/// Weights orthogonalisation: ‖WᵀW − I‖²_F of every layer's filter matrix (Bansal et al., NeurIPS 2018, eq. 1), over its
/// smaller side.
/// </summary>
/// <param name="task">The network.</param>
/// <param name="weight">γ.</param>
public sealed class SoftOrthogonality(TrainingTask task, double weight) : WeightPenalty(task, weight)
{
    private protected override string Description => "Soft orthogonality (‖WᵀW − I‖²_F of every layer's filters, over the smaller Gram side)";

    /// <summary>The keys of its block.</summary>
    internal static IReadOnlyList<SpecKey> Keys { get; } = [WeightKey];

    /// <summary>Reads <c>method: { name: soft-orthogonality, weight: γ }</c>.</summary>
    /// <exception cref="AuditException">The weight is missing or out of range.</exception>
    public static MethodFactory Parse(SpecMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        double weight = WeightKey.Read(map);
        return task => new SoftOrthogonality(task, weight);
    }

    private protected override Tensor Penalty(LinearLayer layer) => Norm(layer);

    /// <summary>The penalty of a layer, summed over groups.</summary>
    internal static Tensor Norm(LinearLayer layer)
    {
        Tensor filters = layer.Filters();
        Tensor vectors = filters.shape[1] <= filters.shape[2] ? filters : filters.transpose(1, 2);
        Tensor gram = GramMatrix.Of(vectors);
        return (gram - eye(gram.shape[1], gram.shape[1], gram.dtype, gram.device)).square().sum();
    }
}
