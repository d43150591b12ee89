using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.Sparse;

/// <summary>
/// KL(q‖p) of weights q(w) = N(θ, σ²) against the log-uniform prior p(|w|) ∝ 1/|w|, up to a constant, by log α = log σ² − log θ²
/// (Molchanov, Ashukha and Vetrov, Variational dropout sparsifies deep neural networks, ICML 2017, eq. 14).
/// </summary>
internal static class LogUniformDivergence
{
    /// <summary>Where log α is cut off on both sides, as in the authors' code: beyond, the approximation is flat and gradients are noise.</summary>
    public const double Bound = 8;

    /// <summary>What is added to squares, so that logarithms and roots are finite.</summary>
    public const double Tiny = 1e-8;

    // The divergence has no closed form; with these numbers of the authors' the approximation is within 0.01 of it for every α.
    private const double K1 = 0.63576, K2 = 1.87320, K3 = 1.48695;

    // Weights that one thread takes at a time. Their sums are added up in order, so that the number of threads changes nothing.
    private const int Chunk = 1 << 14;

    /// <summary>log w², finite at 0.</summary>
    public static Tensor LogSquare(Tensor weights) => (weights.square() + Tiny).log();

    /// <summary>log α of weights, within <see cref="Bound"/>.</summary>
    /// <param name="means">θ, of any shape.</param>
    /// <param name="logVariances">log σ², of the same shape.</param>
    public static Tensor LogAlpha(Tensor means, Tensor logVariances) => (logVariances - LogSquare(means)).clamp(-Bound, Bound);

    /// <summary>The divergence by log α. 1/α enters as log(1 + 1/α) = −log sigmoid(log α).</summary>
    public static Tensor Of(Tensor logAlpha)
        => (K1 * ((-K3 * logAlpha) - K2).sigmoid().sum()) - (0.5 * nn.functional.logsigmoid(logAlpha).sum());

    /// <summary>
    /// The divergence of means and variances. libtorch would go over the weights some twenty times for it and its gradient, which for a
    /// network of matrices costs more than the network itself: on the processor one pass gives both.
    /// </summary>
    /// <param name="means">θ, of any shape, float32.</param>
    /// <param name="logVariances">log σ², of the same shape.</param>
    public static Tensor Of(Tensor means, Tensor logVariances)
    {
        if (means.device_type != DeviceType.CPU)
        {
            return Of(LogAlpha(means, logVariances));
        }

        using Tensor weights = means.detach().contiguous();
        using Tensor variances = logVariances.detach().contiguous();
        Tensor byMean = empty_like(weights), byVariance = empty_like(weights);
        double[] sums = new double[(weights.numel() + Chunk - 1) / Chunk];
        Parallel.For(0, sums.Length, new ParallelOptions { MaxDegreeOfParallelism = get_num_threads() }, i
            => sums[i] = Differentiate(Part(weights, i), Part(variances, i), Part(byMean, i), Part(byVariance, i)));
        // A linear function of the means and the variances that has the divergence's gradient, moved to have its value, too.
        Tensor linear = means.flatten().dot(byMean.flatten()) + logVariances.flatten().dot(byVariance.flatten());
        return linear + (sums.Sum() - linear.detach());
    }

    private static Span<float> Part(Tensor tensor, int chunk)
    {
        Span<float> all = MemoryMarshal.Cast<byte, float>(tensor.bytes);
        return all.Slice(chunk * Chunk, Math.Min(Chunk, all.Length - (chunk * Chunk)));
    }

    // The divergence of some weights, and what it changes by with each mean and each log variance. Compiled well at once: .NET would run a slow form of
    // such a loop, with its many vectors, for the first seconds of a training.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Differentiate(
        ReadOnlySpan<float> means, ReadOnlySpan<float> logVariances, Span<float> byMean, Span<float> byVariance)
    {
        int width = Vector512<float>.Count, whole = means.Length - (means.Length % width);
        var sum = Vector512<float>.Zero;
        for (int i = 0; i < whole; i += width)
        {
            sum += Differentiate(Vector512.Create(means[i..]), Vector512.Create(logVariances[i..]), out Vector512<float> mean, out Vector512<float> variance);
            mean.CopyTo(byMean[i..]);
            variance.CopyTo(byVariance[i..]);
        }

        double rest = 0;
        for (int i = whole; i < means.Length; i++)
        {
            rest += Differentiate(Vector512.Create(means[i]), Vector512.Create(logVariances[i]), out Vector512<float> mean, out Vector512<float> variance)[0];
            (byMean[i], byVariance[i]) = (mean[0], variance[0]);
        }

        return Vector512.Sum(sum) + rest;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Differentiate(
        Vector512<float> mean, Vector512<float> logVariance, out Vector512<float> byMean, out Vector512<float> byVariance)
    {
        Vector512<float> square = (mean * mean) + Vector512.Create((float)Tiny);
        Vector512<float> logAlpha = logVariance - Vector512.Log(square);
        Vector512<float> clamped = Vector512.Clamp(logAlpha, Vector512.Create((float)-Bound), Vector512.Create((float)Bound));
        Vector512<float> inverseAlpha = Vector512.Exp(-clamped);
        Vector512<float> sigmoid = Vector512<float>.One / (Vector512<float>.One + Vector512.Exp(((float)K3 * clamped) + Vector512.Create((float)K2)));
        Vector512<float> slope = ((float)(-K1 * K3) * sigmoid * (Vector512<float>.One - sigmoid))
            - (0.5f * inverseAlpha / (Vector512<float>.One + inverseAlpha));
        byVariance = Vector512.ConditionalSelect(Vector512.Equals(clamped, logAlpha), slope, Vector512<float>.Zero);
        byMean = -2 * mean / square * byVariance;
        return ((float)K1 * sigmoid) + (0.5f * Vector512.Log(Vector512<float>.One + inverseAlpha));
    }
}
