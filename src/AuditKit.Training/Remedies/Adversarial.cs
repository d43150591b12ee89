using AuditKit.Training.Libtorch;
using AuditKit.Training.Loop;
using AuditKit.Yaml;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies;

/// <summary>
/// Adversarial training (Madry et al., ICLR 2018): the mean cross-entropy of a batch whose images have been moved, within
/// ±ε a pixel, to where projected gradient descent finds the loss largest.
/// </summary>
/// <param name="epsilon">ε: how far a pixel may move, pixels in [0, 1].</param>
/// <param name="stepSize">How far a step moves each pixel.</param>
/// <param name="steps">Steps of projected gradient descent.</param>
public sealed class Adversarial(double epsilon, double stepSize, int steps) : TrainingMethod
{
    private static readonly NumberKey s_epsilon = new("epsilon", "ε: how far a pixel may move, pixels in [0, 1]", null, 1e-6, 1) { IsRequired = true };
    private static readonly NumberKey s_step = new("step", "How far a step moves each pixel; absent, 2.5·ε/steps", null, 1e-9, 1);
    private static readonly IntegerKey s_steps = new("steps", "Steps of projected gradient descent", 7, 1, 1000);

    /// <summary>The keys of its block.</summary>
    internal static IReadOnlyList<SpecKey> Keys { get; } = [s_epsilon, s_step, s_steps];

    /// <summary>Reads <c>method: { name: adversarial, epsilon: 0.0314, step: 0.00784, steps: 7 }</c>; without a step, 2.5·ε/steps.</summary>
    /// <exception cref="AuditException">A value is missing or out of range.</exception>
    public static MethodFactory Parse(SpecMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        double epsilon = s_epsilon.Read(map);
        int steps = s_steps.Read(map);
        double step = s_step.ReadOptional(map) ?? 2.5 * epsilon / steps;
        return _ => new Adversarial(epsilon, step, steps);
    }

    /// <inheritdoc/>
    public override bool NeedsPixels => true;

    /// <inheritdoc/>
    public override Tensor Loss(TrainingStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return nn.functional.cross_entropy(step.Logits(Attack(step)), step.Labels);
    }

    /// <inheritdoc/>
    public override string Report(string folder)
        => FormattableString.Invariant(
            $"Adversarial training against L∞ attacks: ε = {epsilon}, {steps} steps of {stepSize} from a random start (pixels in [0, 1]).");

    /// <summary>
    /// The attacked batch: from a uniform start in the ball, x ← Π(x + step·sign ∇x CE), Π being the projection on the
    /// ball and on [0, 1]. The network is attacked as it will be used, in evaluation mode, so that its running
    /// statistics are those of the images that it is trained on.
    /// </summary>
    internal Tensor Attack(TrainingStep step)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor images = step.Images();
        Tensor lowest = (images - epsilon).clamp_min(0);
        Tensor highest = (images + epsilon).clamp_max(1);
        using Generator draws = step.Draws();
        Tensor attacked = Project(images + empty_like(images).uniform_(-epsilon, epsilon, draws));
        step.Network.Training = false;
        for (int i = 0; i < steps; i++)
        {
            // What a step computes goes with it: memory does not depend on the number of steps.
            using DisposeScope ofStep = NewDisposeScope();
            Tensor point = attacked.detach().requires_grad_();
            Tensor loss = nn.functional.cross_entropy(step.Logits(point), step.Labels);
            attacked = Project(point.detach() + (stepSize * Gradient.Of(loss, point).sign())).MoveToOuterDisposeScope();
        }

        step.Network.Training = true;
        return attacked.MoveToOuterDisposeScope();

        Tensor Project(Tensor moved) => moved.maximum(lowest).minimum(highest);
    }
}
