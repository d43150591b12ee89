using static TorchSharp.torch;

namespace AuditKit.Training.Remedies;

/// <summary>How far a classifier's answers lie apart, by their log-probabilities n×K.</summary>
internal static class KullbackLeibler
{
    /// <summary>KL(p‖q) in nats, the batch's mean.</summary>
    /// <param name="p">log p.</param>
    /// <param name="q">log q.</param>
    public static Tensor Divergence(Tensor p, Tensor q) => (p.exp() * (p - q)).sum(1).mean();

    /// <summary>log (1/V)·Σ_v p_v.</summary>
    /// <param name="logs">log p_v for each of V versions.</param>
    public static Tensor LogMean(Tensor[] logs) => stack(logs).logsumexp(0) - Math.Log(logs.Length);
}
