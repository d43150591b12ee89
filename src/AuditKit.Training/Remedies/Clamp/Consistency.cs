using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.Clamp;

/// <summary>
/// How far predictions for an image x and for its versions x̃₁, x̃₂ in both subgroups lie apart (Goel, Gu, Li and Ré, Model
/// patching: closing the subgroup performance gap with data augmentation, ICLR 2021): with p̄ = (p(x̃₁) + p(x̃₂)) / 2,
/// ½·KL(p(x)‖p̄) + ¼·KL(p(x̃₁)‖p̄) + ¼·KL(p(x̃₂)‖p̄), the batch's mean, in nats.
/// </summary>
internal static class Consistency
{
    /// <summary>The loss of three n×K logits.</summary>
    public static Tensor Loss(Tensor original, Tensor first, Tensor second)
    {
        Tensor[] logs = [original.log_softmax(1), first.log_softmax(1), second.log_softmax(1)];
        Tensor mean = stack(logs[1..]).logsumexp(0) - Math.Log(2);
        return (0.5 * Divergence(logs[0], mean)) + (0.25 * Divergence(logs[1], mean)) + (0.25 * Divergence(logs[2], mean));
    }

    // KL(p‖q) of log-probabilities, the batch's mean.
    private static Tensor Divergence(Tensor p, Tensor q) => (p.exp() * (p - q)).sum(1).mean();
}
