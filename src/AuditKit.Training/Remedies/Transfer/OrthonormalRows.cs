using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.Transfer;

/// <summary>
/// Matrices with orthonormal rows, b×r×c with r ≤ c, kept as V = √c·W, so that their entries are of the size 1 whatever the
/// width and one learning rate fits all.
/// </summary>
internal static class OrthonormalRows
{
    /// <summary>A step of Adam at a rate of 0.1 or less moves singular values so little that three iterations take them to 1e-5 of 1: an error e becomes 3e²/2.</summary>
    private const int Iterations = 3;

    /// <summary>Random ones: the orthonormal factor of normal draws.</summary>
    public static Tensor Draw(CounterRandom random, long b, long r, long c)
    {
        float[] draws = new float[checked((int)(b * r * c))];
        random.FillNormal(draws, 0, 1);
        return linalg.qr(tensor(draws, [b, c, r])).Item1.transpose(1, 2).contiguous() * Math.Sqrt(c);
    }

    /// <summary>The rows themselves, W.</summary>
    public static Tensor Unscaled(Tensor v) => v / Math.Sqrt(v.shape[2]);

    /// <summary>The part of a gradient along which the rows stay orthonormal: G − sym(G·Wᵀ)·W. The rest would only be undone.</summary>
    public static Tensor Tangent(Tensor gradient, Tensor v)
    {
        Tensor product = gradient.bmm(v.transpose(1, 2));
        return gradient - (0.5 / v.shape[2] * (product + product.transpose(1, 2)).bmm(v));
    }

    /// <summary>Brings rows that are nearly orthonormal to the nearest that are, in place: W ← (3·W − W·Wᵀ·W)/2 (Björck &amp; Bowie 1971).</summary>
    public static void Restore(Tensor v)
    {
        for (int i = 0; i < Iterations; i++)
        {
            Tensor gram = v.bmm(v.transpose(1, 2));
            v.copy_((1.5 * v) - (0.5 / v.shape[2] * gram.bmm(v)));
        }
    }
}
