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
