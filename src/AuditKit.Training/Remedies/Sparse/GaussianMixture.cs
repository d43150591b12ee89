using AuditKit.Training.Libtorch;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.Sparse;

/// <summary>A mixture of normal distributions over single weights, in any floating point type.</summary>
/// <param name="Means">μ of each of J components.</param>
/// <param name="LogPrecisions">log 1/σ² of each.</param>
/// <param name="LogShares">log π of each; the shares sum to 1.</param>
internal sealed record GaussianMixture(Tensor Means, Tensor LogPrecisions, Tensor LogShares)
{
    private static readonly double s_logRoot = Math.Log(2 * Math.PI) / 2;

    /// <summary>log π_j + log N(w; μ_j, σ_j²) for each weight and component, n×J.</summary>
    /// <param name="weights">n weights.</param>
    public Tensor LogJoint(Tensor weights)
    {
        // A quadratic in w, so that one product with (1, w, w²) gives all components.
        Tensor precisions = LogPrecisions.exp();
        Tensor constant = LogShares + (0.5 * LogPrecisions) - s_logRoot - (0.5 * precisions * Means.square());
        Tensor coefficients = stack([constant, precisions * Means, -0.5 * precisions], 0);
        return MatrixProduct.Of(stack([ones_like(weights), weights, weights.square()], 1), coefficients);
    }

    /// <summary>log p(w) of each weight.</summary>
    /// <param name="weights">n weights.</param>
    public Tensor LogDensity(Tensor weights) => LogJoint(weights).logsumexp(1);

    /// <summary>
    /// Joins components that say the same of a weight, the nearest first, until all pairs differ: the symmetric KL divergence of
    /// their distributions is at least 1 (our choice). What joins component 0 becomes 0.
    /// </summary>
    /// <returns>What weights of each of the J components become.</returns>
    public double[] JoinedMeans()
    {
        List<Part> parts =
        [
            .. Numbers(Means).Zip(Numbers(LogPrecisions), Numbers(LogShares))
                .Select((part, i) => new Part([i], Math.Exp(part.Third), part.First, Math.Exp(-part.Second))),
        ];
        while (Nearest(parts) is { } pair)
        {
            parts[pair.One] = parts[pair.One].Joined(parts[pair.Other]);
            parts.RemoveAt(pair.Other);
        }

        double[] joined = new double[parts.Sum(part => part.Members.Count)];
        foreach (Part part in parts)
        {
            foreach (int member in part.Members)
            {
                joined[member] = part.Members.Contains(0) ? 0 : part.Mean;
            }
        }

        return joined;
    }

    private static (int One, int Other)? Nearest(List<Part> parts)
    {
        (double Distance, int One, int Other) nearest = (1, -1, -1);
        for (int one = 0; one < parts.Count; one++)
        {
            for (int other = one + 1; other < parts.Count; other++)
            {
                double distance = parts[one].Distance(parts[other]);
                nearest = distance < nearest.Distance ? (distance, one, other) : nearest;
            }
        }

        return nearest.One < 0 ? null : (nearest.One, nearest.Other);
    }

    private static double[] Numbers(Tensor tensor) => [.. tensor.detach().to(ScalarType.Float64).cpu().data<double>()];

    private sealed record Part(IReadOnlyList<int> Members, double Share, double Mean, double Variance)
    {
        /// <summary>KL(p‖q) + KL(q‖p).</summary>
        public double Distance(Part other)
        {
            double squared = (Mean - other.Mean) * (Mean - other.Mean);
            return ((Variance + squared) / (2 * other.Variance)) + ((other.Variance + squared) / (2 * Variance)) - 1;
        }

        public Part Joined(Part other)
        {
            double share = Share + other.Share;
            double mean = ((Share * Mean) + (other.Share * other.Mean)) / share;
            double second = ((Share * (Variance + (Mean * Mean))) + (other.Share * (other.Variance + (other.Mean * other.Mean)))) / share;
            return new Part([.. Members, .. other.Members], share, mean, second - (mean * mean));
        }
    }
}
