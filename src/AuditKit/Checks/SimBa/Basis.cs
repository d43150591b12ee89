using AuditKit.Imaging;

namespace AuditKit.Checks.SimBa;

/// <summary>
/// An orthonormal basis of the images, or of a part of them, whose vectors SimBA tries one by one. Every vector lies in
/// a few neighbouring pixels of the image or in one of its channels, so that a step changes those alone.
/// </summary>
internal abstract class Basis
{
    /// <summary>Number of vectors.</summary>
    public abstract int Count { get; }

    /// <summary>The pixels that a vector changes: those of the C×H×W floats that it is not zero in.</summary>
    public abstract Range Support(int vector);

    /// <summary>The vector on its support.</summary>
    /// <param name="vector">Its number.</param>
    /// <param name="q">Receives as many floats as the support is long.</param>
    public abstract void Write(int vector, Span<float> q);
}

/// <summary>The pixel basis: every vector is one value of one pixel.</summary>
internal sealed class PixelBasis(InputShape shape) : Basis
{
    /// <inheritdoc/>
    public override int Count => shape.Length;

    /// <inheritdoc/>
    public override Range Support(int vector) => vector..(vector + 1);

    /// <inheritdoc/>
    public override void Write(int vector, Span<float> q) => q[0] = 1;
}
