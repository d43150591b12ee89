using AuditKit.Training.Graphs;
using AuditKit.Training.Loop;
using AuditKit.Yaml;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.Regularisers;

/// <summary>
/// The frame penalty: pushes the eigenvalues of V = WᵀW into [A, B] by the diagonal dominance of V − A·I and B·I − V, which
/// bounds them by Gershgorin's circle theorem, so that κ = λmax/λmin ≤ B/A. The upper bound does what weight decay is for,
/// so the recipe's optimiser needs none.
/// </summary>
/// <param name="task">The network.</param>
/// <param name="weight">γ.</param>
/// <param name="lower">A, above 0.</param>
/// <param name="upper">B, at least A.</param>
public sealed class Frame(TrainingTask task, double weight, double lower, double upper) : WeightPenalty(task, weight)
{
    private protected override string Description => FormattableString.Invariant(
        $"Frame penalty (Gershgorin's discs of every layer's V = WᵀW within [{lower}, {upper}])")
        + (Layers.Where(layer => layer.IsWide).Select(layer => $"`{layer.Name}`").ToArray() is { Length: > 0 } wide
            ? $"; V = WWᵀ for the layers whose rows are too few for a frame: {string.Join(", ", wide)}"
            : "");

    private static readonly NumberKey s_lower = new("lower", "A: the least eigenvalue of WᵀW", null, 1e-9, 1e9) { IsRequired = true };
    private static readonly NumberKey s_upper = new("upper", "B: the largest eigenvalue of WᵀW", null, 1e-9, 1e9) { IsRequired = true };

    /// <summary>The keys of its block.</summary>
    internal static IReadOnlyList<SpecKey> Keys { get; } = [WeightKey, s_lower, s_upper];

    /// <summary>Reads <c>method: { name: frame, weight: γ, lower: A, upper: B }</c>.</summary>
    /// <exception cref="AuditException">A value is missing or out of range, or B &lt; A.</exception>
    public static MethodFactory Parse(SpecMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        double weight = WeightKey.Read(map);
        double lower = s_lower.Read(map);
        double upper = s_upper.Read(map);
        return upper < lower
            ? throw map.Error("upper", $"'upper' (B) must be at least 'lower' (A), {lower}.")
            : task => new Frame(task, weight, lower, upper);
    }

    private protected override Tensor Penalty(LinearLayer layer) => Penalty(layer, lower, upper);

    /// <summary>
    /// R = (1/n)·Σ_i [ min(v_ii − A − r_i, 0)² + min(B − v_ii − r_i, 0)² ], r_i = Σ_{j≠i} |v_ij|. For a convolution the mean
    /// over the rows i is that over the channels and the stride's phases; for fewer rows than columns V is WWᵀ.
    /// </summary>
    internal static Tensor Penalty(LinearLayer layer, double lower, double upper)
    {
        int phases = layer.IsWide ? 1 : layer.Stride.Y * layer.Stride.X;
        var diagonals = new Tensor?[phases];
        var sums = new Tensor?[phases];
        foreach (CorrelationBlock block in layer.IsWide ? SelfCorrelation.OfRows(layer) : SelfCorrelation.OfColumns(layer))
        {
            Tensor magnitudes = block.Values.abs();
            Add(block.Row, magnitudes.sum(2));
            if (block.IsCentre)
            {
                diagonals[block.Row] = block.Values.diagonal(0, 1, 2);
            }
            else
            {
                Add(block.Column, magnitudes.sum(1));
            }
        }

        Tensor[] misses =
        [
            .. from pair in diagonals.Zip(sums)
               where pair.First is not null
               select Shortfall((2 * pair.First!) - pair.Second! - lower) + Shortfall(upper - pair.Second!),
        ];
        // Inputs that no window reaches have rows of zeros: each falls short of A by A.
        return (misses.Aggregate((sum, miss) => sum + miss) + ((phases - misses.Length) * lower * lower)) / phases;

        void Add(int phase, Tensor sum) => sums[phase] = sums[phase] is { } before ? before + sum : sum;
    }

    private static Tensor Shortfall(Tensor margin) => margin.clamp_max(0).square().mean();
}
