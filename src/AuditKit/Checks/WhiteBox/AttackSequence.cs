namespace AuditKit.Checks.WhiteBox;

/// <summary>
/// All attacks on one image, one after the other, each from a random point of the ball drawn for it: the image is
/// robust only if all of them fail.
/// </summary>
internal sealed class AttackSequence
{
    private readonly float[] _original;
    private readonly NormBall _ball;
    private readonly IReadOnlyList<Stage> _stages;
    private int _stage = -1;

    /// <summary>Writes the first point to be judged into a slot.</summary>
    /// <param name="image">The image's index in its data set.</param>
    /// <param name="label">The true class.</param>
    /// <param name="original">The image, C×H×W pixels.</param>
    /// <param name="ball">The perturbations to choose from.</param>
    /// <param name="stages">The attacks in order, at least one.</param>
    /// <param name="x">Receives the first point.</param>
    public AttackSequence(int image, int label, float[] original, NormBall ball, IReadOnlyList<Stage> stages, Span<float> x)
    {
        (Image, Label, _original, _ball, _stages) = (image, label, original, ball, stages);
        Attack = Begin(x)!;
    }

    /// <summary>The image's index in its data set.</summary>
    public int Image { get; }

    /// <summary>The true class.</summary>
    public int Label { get; }

    /// <summary>The unchanged image.</summary>
    public ReadOnlySpan<float> Original => _original;

    /// <summary>The attack under way.</summary>
    public GradientAttack Attack { get; private set; }

    /// <summary>Points judged so far.</summary>
    public int Evaluations { get; private set; } = 1;

    /// <summary>Moves on to the next point: of the attack under way, or the first of the next one.</summary>
    /// <param name="x">C×H×W pixels: the point just judged; afterwards the next one.</param>
    /// <param name="loss">The loss of <see cref="Attack"/> there.</param>
    /// <param name="gradient">Its gradient with respect to the pixels, up to a positive factor.</param>
    /// <returns>False when the last attack has ended.</returns>
    public bool Advance(Span<float> x, double loss, ReadOnlySpan<float> gradient)
    {
        if (!Attack.Advance(x, loss, gradient))
        {
            if (Begin(x) is not { } next)
            {
                return false;
            }

            Attack = next;
        }

        Evaluations++;
        return true;
    }

    private GradientAttack? Begin(Span<float> x)
    {
        if (++_stage == _stages.Count)
        {
            return null;
        }

        _ball.Start(_original, _stages[_stage].Random, x);
        return _stages[_stage].Attack(_original, _ball);
    }

    /// <summary>One attack of the sequence.</summary>
    /// <param name="Attack">Makes it, for an image and a ball.</param>
    /// <param name="Random">Draws its first point.</param>
    internal sealed record Stage(Func<float[], NormBall, GradientAttack> Attack, CounterRandom Random);
}
