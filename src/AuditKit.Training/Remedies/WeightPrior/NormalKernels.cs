using AuditKit.Training.Libtorch;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.WeightPrior;

/// <summary>A normal distribution of kernels with a full covariance, N(m, LLᵀ).</summary>
/// <param name="Mean">m, d numbers.</param>
/// <param name="Root">L, d×d, lower triangular.</param>
/// <param name="InverseRoot">L⁻¹.</param>
internal sealed record NormalKernels(Tensor Mean, Tensor Root, Tensor InverseRoot)
{
    /// <summary>What is added to the variances, as a share of their mean, so that rounding leaves the covariance definite.</summary>
    internal const double Ridge = 1e-6;

    private static readonly double s_logTwoPi = Math.Log(2 * Math.PI);

    /// <summary>Numbers in a kernel d.</summary>
    private long Size => Mean.shape[0];

    private Tensor LogDeterminant => 2 * Root.diagonal().log().sum();

    /// <summary>The most likely one of some kernels. Its tensors are in the caller's dispose scope, and of the kernels' type.</summary>
    /// <param name="kernels">n×d, n &gt; d.</param>
    /// <param name="layer">The layer that they belong to, for messages.</param>
    /// <exception cref="AuditException">There are too few kernels, or they do not span their space.</exception>
    public static NormalKernels Of(Tensor kernels, string layer)
    {
        (long count, long size) = (kernels.shape[0], kernels.shape[1]);
        if (count <= size)
        {
            throw new AuditException($"{layer}: {count} kernels are too few for the covariance of their {size} numbers. Name more source networks.");
        }

        Tensor exact = kernels.to(ScalarType.Float64);
        Tensor mean = exact.mean([0L]);
        Tensor centred = exact - mean;
        Tensor covariance = MatrixProduct.Of(centred.t(), centred) / count;
        Tensor variance = covariance.diagonal().mean();
        if (variance.item<double>() <= 0)
        {
            throw new AuditException($"{layer}: all source kernels are the same, so that they have no covariance. Name other source networks.");
        }

        Tensor root = linalg.cholesky(covariance + (Ridge * variance * eye(size, dtype: ScalarType.Float64, device: kernels.device)));
        return new NormalKernels(mean.to(kernels.dtype), root.to(kernels.dtype), linalg.inv(root).to(kernels.dtype));
    }

    /// <summary>log p(w) of each kernel, n numbers.</summary>
    /// <param name="kernels">n×d.</param>
    public Tensor LogDensity(Tensor kernels) => -0.5 * (Whitened(kernels).square().sum(1) + LogDeterminant + (Size * s_logTwoPi));

    /// <summary>KL(N(μ, diag σ²) ‖ this) of each kernel, n numbers, exactly.</summary>
    /// <param name="mean">μ, n×d.</param>
    /// <param name="logVariance">log σ², n×d.</param>
    public Tensor Divergence(Tensor mean, Tensor logVariance)
    {
        Tensor precisions = InverseRoot.square().sum([0L]);
        Tensor trace = (logVariance.exp() * precisions).sum(1);
        return 0.5 * (trace + Whitened(mean).square().sum(1) - Size + LogDeterminant - logVariance.sum(1));
    }

    /// <summary>Kernels of the distribution, from standard normal draws, n×d each.</summary>
    public Tensor Draw(Tensor noise) => Mean + MatrixProduct.Of(noise, Root.t());

    private Tensor Whitened(Tensor kernels) => MatrixProduct.Of(kernels - Mean, InverseRoot.t());
}
