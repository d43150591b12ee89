using AuditKit.Training.Remedies.Sparse;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.WeightPrior;

/// <summary>A distribution p(w) of the kernels of one convolution, independent of each other.</summary>
internal abstract class KernelPrior
{
    /// <summary>log σ² of q as this prior allows it, n×d.</summary>
    /// <param name="mean">Means μ of q, n×d.</param>
    /// <param name="logVariance">log σ² as it is trained, n×d.</param>
    public virtual Tensor Allowed(Tensor mean, Tensor logVariance) => logVariance;

    /// <summary>KL(q‖p) summed over kernels, or a bound of it, or an estimate of either; a scalar with gradients.</summary>
    /// <param name="mean">Means μ of q = N(μ, diag σ²), n×d.</param>
    /// <param name="logVariance">log σ², n×d.</param>
    /// <param name="sample">One draw from q, n×d.</param>
    /// <param name="draws">What an estimate draws from; null for libtorch's own generator.</param>
    public abstract Tensor Divergence(Tensor mean, Tensor logVariance, Tensor sample, Generator? draws = null);
}

/// <summary>
/// The deep weight prior (Atanov, Ashukha, Struminsky, Vetrov and Welling, ICLR 2019): p(w) = ∫ p(w|z)·p(z) dz by the decoder of an
/// autoencoder. Its divergence cannot be computed; that of the pair (w, z) is above it: −H(q) + E_q[KL(r(z|w)‖p(z)) − E_r log p(w|z)], r being
/// the encoder (eq. 9), with one w and one z.
/// </summary>
internal sealed class DeepPrior(KernelVae vae) : KernelPrior
{
    private static readonly double s_entropy = (1 + Math.Log(2 * Math.PI)) / 2;

    /// <inheritdoc/>
    public override Tensor Divergence(Tensor mean, Tensor logVariance, Tensor sample, Generator? draws = null)
        => vae.Bound(sample, empty(sample.shape[0], vae.CodeSize, dtype: sample.dtype, device: sample.device).normal_(generator: draws)).sum()
            - (logVariance.sum() / 2) - (s_entropy * logVariance.numel());
}

/// <summary>The normal distribution of source kernels with its full covariance; the divergence is exact.</summary>
internal sealed class NormalPrior(NormalKernels kernels) : KernelPrior
{
    /// <inheritdoc/>
    public override Tensor Divergence(Tensor mean, Tensor logVariance, Tensor sample, Generator? draws = null) => kernels.Divergence(mean, logVariance).sum();
}

/// <summary>N(0, 1) for every weight; the divergence is exact.</summary>
internal sealed class StandardNormalPrior : KernelPrior
{
    /// <inheritdoc/>
    public override Tensor Divergence(Tensor mean, Tensor logVariance, Tensor sample, Generator? draws = null)
        => 0.5 * (logVariance.exp() + mean.square() - 1 - logVariance).sum();
}

/// <summary>
/// p(log |w|) constant for every weight, which is improper: its divergence is approximated, up to a constant, by log α = log σ² − log μ². As
/// in the authors' code α is at most 1: beyond, the divergence falls as weights become noise, and with few images all of them do.
/// </summary>
internal sealed class LogUniformPrior : KernelPrior
{
    /// <inheritdoc/>
    public override Tensor Allowed(Tensor mean, Tensor logVariance) => logVariance.minimum(LogUniformDivergence.LogSquare(mean));

    /// <inheritdoc/>
    public override Tensor Divergence(Tensor mean, Tensor logVariance, Tensor sample, Generator? draws = null)
        => LogUniformDivergence.Of(logVariance - LogUniformDivergence.LogSquare(mean)).sum();
}
