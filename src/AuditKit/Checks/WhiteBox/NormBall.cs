using System.Numerics.Tensors;

namespace AuditKit.Checks.WhiteBox;

/// <summary>
/// The perturbations that an attack may choose from: those of norm at most ε that leave every pixel in [0, 1].
/// </summary>
internal abstract class NormBall(double epsilon)
{
    /// <summary>The radius ε, for pixels in [0, 1].</summary>
    public double Epsilon { get; } = epsilon;

    /// <summary>Writes a point drawn uniformly from the ball, clipped to [0, 1].</summary>
    public void Start(ReadOnlySpan<float> original, CounterRandom random, Span<float> x)
    {
        Draw(original, random, x);
        TensorPrimitives.Clamp(x, 0, 1, x);
    }

    /// <summary>The nearest point of the ball, clipped to [0, 1]; clipping only moves pixels towards the original.</summary>
    public void Project(ReadOnlySpan<float> original, Span<float> x)
    {
        ProjectToBall(original, x);
        TensorPrimitives.Clamp(x, 0, 1, x);
    }

    /// <summary>Adds a step of the given length along the steepest ascent direction of this norm; nothing where the gradient is zero.</summary>
    public abstract void Step(ReadOnlySpan<float> gradient, double size, Span<float> x);

    /// <summary>The uniform draw, before it is clipped.</summary>
    protected abstract void Draw(ReadOnlySpan<float> original, CounterRandom random, Span<float> x);

    /// <summary>The projection, before it is clipped.</summary>
    protected abstract void ProjectToBall(ReadOnlySpan<float> original, Span<float> x);
}

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
