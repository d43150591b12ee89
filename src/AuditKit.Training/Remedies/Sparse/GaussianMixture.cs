using AuditKit.Training.Graphs;
using AuditKit.Training.Libtorch;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.Sparse;

/// <summary>A mixture of normal distributions over single weights, in any floating point type.</summary>
/// <param name="Means">μ of each of J components.</param>
/// <param name="LogPrecisions">log 1/σ² of each.</param>
/// <param name="LogShares">log π of each; the shares sum to 1.</param>
internal sealed record GaussianMixture(Tensor Means, Tensor LogPrecisions, Tensor LogShares)
{
    private static readonly double s_logRoot = Math.Log(2 * Math.PI) / 2;

    // Weights that are looked at together, so that what is kept of them for all components stays in a processor's cache.
    private const int Chunk = 1 << 14;

    /// <summary>log π_j + log N(w; μ_j, σ_j²) for each component and weight, J×n.</summary>
    /// <param name="weights">n weights.</param>
    public Tensor LogJoint(Tensor weights) => MatrixProduct.Of(Coefficients(), Powers(weights));

    /// <summary>For each weight the component that it most likely belongs to, n whole numbers.</summary>
    /// <param name="weights">n weights.</param>
    public Tensor Likeliest(Tensor weights) => cat([.. weights.split(Chunk).Select(part => LogJoint(part).argmax(0))]);

    /// <summary>Σ log p(w), with its gradient: autograd over all components would keep, and go through, several J×n tensors a step.</summary>
    /// <param name="weights">n weights.</param>
    public Tensor LogLikelihood(Tensor weights)
    {
        Tensor coefficients = Coefficients();
        Tensor fixedCoefficients = coefficients.detach(), ofCoefficients = zeros_like(fixedCoefficients), ofWeights = zeros_like(weights, requires_grad: false);
        double sum = 0;
        using (no_grad())
        {
            for (long start = 0; start < weights.numel(); start += Chunk)
            {
                using DisposeScope scope = NewDisposeScope();
                long length = Math.Min(Chunk, weights.numel() - start);
                Tensor powers = Powers(weights.detach().narrow(0, start, length));
                Tensor joint = MatrixProduct.Of(fixedCoefficients, powers);
                Tensor largest = joint.amax([0L], keepdim: true);
                Tensor responsibilities = joint.sub_(largest).exp_();
                Tensor total = responsibilities.sum(0, keepdim: true);
                sum += (largest + total.log()).sum(ScalarType.Float64).item<double>();
                responsibilities.div_(total);
                // The joint is coefficients·(1, w, w²), and a log-sum-exp's gradient the responsibilities.
                ofCoefficients.add_(MatrixProduct.Of(responsibilities, powers.t()));
                Tensor slopes = MatrixProduct.Of(fixedCoefficients.narrow(1, 1, 2).t(), responsibilities);
                ofWeights.narrow(0, start, length).copy_(slopes[0] + (2 * powers[1] * slopes[1]));
            }
        }

        // Linear in what has gradients, with this value and this gradient.
        Tensor linear = (coefficients * ofCoefficients).sum() + (weights * ofWeights).sum();
        return linear - linear.detach() + sum;
    }

    /// <summary>
    /// Joins components that say the same of a weight, the nearest first, until all pairs differ: the symmetric KL divergence of
    /// their distributions is at least 1 (our choice). What joins component 0, which stays the first, has mean 0.
    /// </summary>
    /// <returns>The mixture of what is left: a part has the share, the mean and the variance of the components that joined in it.</returns>
    public GaussianMixture Joined()
    {
        List<Part> parts =
        [
            .. Means.ToDoubles().Zip(LogPrecisions.ToDoubles(), LogShares.ToDoubles())
                .Select(part => new Part(Math.Exp(part.Third), part.First, Math.Exp(-part.Second))),
        ];
        while (Nearest(parts) is { } pair)
        {
            parts[pair.One] = parts[pair.One].Joined(parts[pair.Other]);
            parts.RemoveAt(pair.Other);
        }

        return new GaussianMixture(
            Row([0, .. parts.Skip(1).Select(part => part.Mean)]), Row(parts.Select(part => -Math.Log(part.Variance))), Row(parts.Select(part => Math.Log(part.Share))));

        Tensor Row(IEnumerable<double> numbers) => tensor([.. numbers], Means.dtype, Means.device);
    }

    // The logarithms are quadratic in w: J×3 numbers by (1, w, w²).
    private Tensor Coefficients()
    {
        Tensor precisions = LogPrecisions.exp();
        Tensor constant = LogShares + (0.5 * LogPrecisions) - s_logRoot - (0.5 * precisions * Means.square());
        return stack([constant, precisions * Means, -0.5 * precisions], 1);
    }

    private static Tensor Powers(Tensor weights) => stack([ones_like(weights), weights, weights.square()], 0);

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

    private sealed record Part(double Share, double Mean, double Variance)
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
            return new Part(share, mean, second - (mean * mean));
        }
    }
}
