namespace AuditKit.Checks.WhiteBox;

/// <summary>‖δ‖₂ ≤ ε. The steepest ascent is the gradient's own direction.</summary>
internal sealed class L2Ball(double epsilon) : NormBall(epsilon)
{
    /// <inheritdoc/>
    public override void Step(ReadOnlySpan<float> gradient, double size, Span<float> x)
    {
        double norm = 0;
        foreach (float value in gradient)
        {
            norm += (double)value * value;
        }

        norm = Math.Sqrt(norm);
        for (int i = 0; i < x.Length && norm > 0; i++)
        {
            x[i] += (float)(size / norm * gradient[i]);
        }
    }

    /// <inheritdoc/>
    protected override void Draw(ReadOnlySpan<float> original, CounterRandom random, Span<float> x)
    {
        // A normal vector has a uniform direction; the share of the ball within radius r grows with the d-th power of r.
        double[] direction = new double[x.Length];
        double norm = 0;
        foreach (ref double value in direction.AsSpan())
        {
            value = random.NextNormal();
            norm += value * value;
        }

        double scale = Epsilon * Math.Pow(random.NextDouble(), 1.0 / x.Length) / Math.Sqrt(norm);
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = (float)(original[i] + (scale * direction[i]));
        }
    }

    /// <inheritdoc/>
    protected override void ProjectToBall(ReadOnlySpan<float> original, Span<float> x)
    {
        double norm = Embedding.Distance(x, original);
        for (int i = 0; i < x.Length && norm > Epsilon; i++)
        {
            x[i] = (float)(original[i] + (Epsilon / norm * (x[i] - original[i])));
        }
    }
}
