namespace AuditKit.Checks.WhiteBox;

/// <summary>‖δ‖∞ ≤ ε: every pixel by itself. The steepest ascent is the gradient's sign.</summary>
internal sealed class LInfBall(double epsilon) : NormBall(epsilon)
{
    /// <inheritdoc/>
    public override void Step(ReadOnlySpan<float> gradient, double size, Span<float> x)
    {
        for (int i = 0; i < x.Length; i++)
        {
            x[i] += (float)size * Math.Sign(gradient[i]);
        }
    }

    /// <inheritdoc/>
    protected override void Draw(ReadOnlySpan<float> original, CounterRandom random, Span<float> x)
    {
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = (float)(original[i] + (Epsilon * ((2 * random.NextDouble()) - 1)));
        }
    }

    /// <inheritdoc/>
    protected override void ProjectToBall(ReadOnlySpan<float> original, Span<float> x)
    {
        float radius = (float)Epsilon;
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = Math.Clamp(x[i], original[i] - radius, original[i] + radius);
        }
    }
}
