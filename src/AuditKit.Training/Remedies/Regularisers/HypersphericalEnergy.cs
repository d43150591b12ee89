using AuditKit.Training.Graphs;
using AuditKit.Training.Loop;
using AuditKit.Yaml;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.Regularisers;

/// <summary>
/// Minimum hyperspherical energy (Liu et al., NeurIPS 2018, eq. 1): the directions of a layer's filters repel each other
/// like charges on a sphere.
/// </summary>
/// <param name="task">The network.</param>
/// <param name="weight">γ.</param>
/// <param name="power">s: 0, 1 or 2.</param>
/// <param name="halfSpace">Whether a filter and its negative count as the same direction (§3.3 of the paper).</param>
public sealed class HypersphericalEnergy(TrainingTask task, double weight, int power, bool halfSpace) : WeightPenalty(task, weight)
{
    /// <summary>Squared distances below it are rounding in single precision: filters that close repel each other no more.</summary>
    private const double Nearest = 1e-6;

    private protected override string Description
        => $"Minimum hyperspherical energy of every layer's filters, s = {power}{(halfSpace ? ", half-space (filters and their negatives)" : "")}";

    private static readonly IntegerKey s_power = new("s", "The power of the distance that the energy falls with; 0 for its logarithm", 2, 0, 2);
    private static readonly FlagKey s_halfSpace = new("half-space", "Whether a filter and its negative count as the same direction");

    /// <summary>The keys of its block.</summary>
    internal static IReadOnlyList<SpecKey> Keys { get; } = [WeightKey, s_power, s_halfSpace];

    /// <summary>Reads <c>method: { name: mhe, weight: γ, s: 2, half-space: false }</c>.</summary>
    /// <exception cref="AuditException">A value is missing or out of range.</exception>
    public static MethodFactory Parse(SpecMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        double weight = WeightKey.Read(map);
        int power = s_power.Read(map);
        bool halfSpace = s_halfSpace.Read(map);
        return task => new HypersphericalEnergy(task, weight, power, halfSpace);
    }

    private protected override Tensor Penalty(LinearLayer layer) => Penalty(layer, power, halfSpace);

    /// <summary>
    /// E_s = 1/(m(m − 1))·Σ_{i≠j} ‖ŵ_i − ŵ_j‖^−s, −log of the distance for s = 0; in the half-space form over the 2m
    /// vectors ±ŵ_i. A single filter has no energy.
    /// </summary>
    internal static Tensor Penalty(LinearLayer layer, int power, bool halfSpace)
    {
        Tensor filters = layer.Filters().flatten(0, 1);
        long m = filters.shape[0];
        Tensor directions = nn.functional.normalize(filters, 2, 1);
        Tensor cosines = GramMatrix.Of(directions);
        Tensor others = 1 - eye(m, m, filters.dtype, filters.device);
        Tensor energy = Energy(2 - (2 * cosines));
        long pairs = m * (m - 1);
        if (halfSpace)
        {
            // ±ŵ_i and ±ŵ_j: two pairs as far apart as ŵ_i and ŵ_j, two as far as ŵ_i and −ŵ_j. A filter and its own
            // negative are 2 apart whatever the filter.
            double opposite = power == 0 ? -Math.Log(2) : Math.Pow(2, -power);
            energy = (2 * (energy + Energy(2 + (2 * cosines)))) + (2 * m * opposite);
            pairs = 2 * m * ((2 * m) - 1);
        }

        return energy / Math.Max(1, pairs);

        // Over all i ≠ j.
        Tensor Energy(Tensor squares)
        {
            Tensor distances = squares.clamp_min(Nearest);
            return ((power == 0 ? -0.5 * distances.log() : distances.pow(-0.5 * power)) * others).sum();
        }
    }
}
