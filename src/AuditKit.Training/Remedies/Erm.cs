using AuditKit.Training.Loop;
using AuditKit.Yaml;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies;

/// <summary>Empirical risk minimisation: the mean cross-entropy of a batch.</summary>
public sealed class Erm : TrainingMethod
{
    /// <summary>Reads <c>method: { name: erm }</c>.</summary>
    public static MethodFactory Parse(SpecMap map) => _ => new Erm();

    /// <inheritdoc/>
    public override Tensor Loss(TrainingStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return nn.functional.cross_entropy(step.Logits(), step.Labels);
    }
}
