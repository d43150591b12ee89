namespace AuditKit.Checks.WhiteBox;

/// <summary>
/// Projected gradient descent: Madry et al., Towards Deep Learning Models Resistant to Adversarial Attacks, ICLR 2018,
/// section 2.1, with the steepest ascent direction of the norm and their step size of 2.5·ε / steps.
/// </summary>
/// <param name="original">The image, C×H×W pixels.</param>
/// <param name="ball">The perturbations to choose from.</param>
/// <param name="steps">Number of steps.</param>
internal sealed class Pgd(float[] original, NormBall ball, int steps) : GradientAttack(AttackLoss.CrossEntropy)
{
    private int _taken;

    /// <inheritdoc/>
    public override bool Advance(Span<float> x, double loss, ReadOnlySpan<float> gradient)
    {
        if (_taken++ == steps)
        {
            return false;
        }

        ball.Step(gradient, 2.5 * ball.Epsilon / steps, x);
        ball.Project(original, x);
        return true;
    }
}
