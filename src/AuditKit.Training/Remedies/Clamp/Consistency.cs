using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.Clamp;

/// <summary>
/// How far predictions for an image x and for its versions x̃₁ … x̃_A in all subgroups lie apart (Goel, Gu, Li and Ré, Model
/// patching: closing the subgroup performance gap with data augmentation, ICLR 2021, there for A = 2): with p̄ = (1/A)·Σ_v p(x̃_v),
/// ½·KL(p(x)‖p̄) + (1/(2A))·Σ_v KL(p(x̃_v)‖p̄), the batch's mean, in nats.
/// </summary>
internal static class Consistency
{
    /// <summary>The loss of n×K logits of the images and of each of their versions.</summary>
    public static Tensor Loss(Tensor original, params IReadOnlyList<Tensor> versions)
    {
        Tensor[] logs = [.. versions.Select(version => version.log_softmax(1))];
        Tensor mean = KullbackLeibler.LogMean(logs);
        return logs.Select(log => KullbackLeibler.Divergence(log, mean) * (0.5 / logs.Length))
            .Aggregate(KullbackLeibler.Divergence(original.log_softmax(1), mean) * 0.5, (sum, part) => sum + part);
    }
}
