namespace AuditKit.Checks.WhiteBox;

/// <summary>
/// One attack on one image that follows gradients. It never calls a model: it is told the loss and its gradient at the
/// point where it stands and moves on, so that one batch can hold images of many attacks.
/// </summary>
internal abstract class GradientAttack(AttackLoss loss)
{
    /// <summary>What the attack maximises.</summary>
    public AttackLoss Loss { get; } = loss;

    /// <summary>Moves on.</summary>
    /// <param name="x">C×H×W pixels: the point just judged; afterwards the next one.</param>
    /// <param name="loss">The loss there.</param>
    /// <param name="gradient">Its gradient with respect to the pixels, up to a positive factor.</param>
    /// <returns>False when the steps are spent; the point is then left as it is.</returns>
    public abstract bool Advance(Span<float> x, double loss, ReadOnlySpan<float> gradient);
}
