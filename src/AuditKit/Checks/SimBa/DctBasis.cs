using System.Numerics;
using System.Runtime.InteropServices;
using AuditKit.Imaging;

namespace AuditKit.Checks.SimBa;

/// <summary>
/// The lowest frequencies of the orthonormal two-dimensional DCT-II of each channel (Guo et al. 2019, section 3):
/// q_{c,u,v}[y, x] = a_u·cos(π(2y + 1)u / 2H) · a_v·cos(π(2x + 1)v / 2W), a_0 = √(1/n) and a_k = √(2/n) otherwise.
/// </summary>
internal sealed class DctBasis : Basis
{
    private readonly InputShape _shape;
    private readonly int _rows;
    private readonly int _columns;
    private readonly float[][] _down;
    private readonly float[][] _across;

    /// <summary>The vectors with u and v below a limit.</summary>
    /// <param name="shape">The shape of one image.</param>
    /// <param name="frequencies">The number of frequencies along each side; more than there are is all of them.</param>
    public DctBasis(InputShape shape, int frequencies)
    {
        (_shape, _rows, _columns) = (shape, Math.Min(frequencies, shape.Height), Math.Min(frequencies, shape.Width));
        (_down, _across) = (Cosines(_rows, shape.Height), Cosines(_columns, shape.Width));
    }

    /// <inheritdoc/>
    public override int Count => _shape.Channels * _rows * _columns;

    /// <inheritdoc/>
    public override Range Support(int vector)
    {
        int plane = _shape.Height * _shape.Width;
        int start = vector / (_rows * _columns) * plane;
        return start..(start + plane);
    }

    /// <inheritdoc/>
    public override void Write(int vector, Span<float> q)
    {
        float[] down = _down[vector / _columns % _rows];
        float[] across = _across[vector % _columns];
        ReadOnlySpan<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(across);
        for (int y = 0; y < down.Length; y++)
        {
            Span<float> row = q.Slice(y * across.Length, across.Length);
            Span<Vector<float>> results = MemoryMarshal.Cast<float, Vector<float>>(row);
            for (int i = 0; i < vectors.Length; i++)
            {
                results[i] = vectors[i] * down[y];
            }

            for (int x = vectors.Length * Vector<float>.Count; x < row.Length; x++)
            {
                row[x] = across[x] * down[y];
            }
        }
    }

    private static float[][] Cosines(int count, int n) =>
    [
        .. Enumerable.Range(0, count).Select(k => Enumerable.Range(0, n)
            .Select(i => (float)(Math.Sqrt((k == 0 ? 1.0 : 2.0) / n) * Math.Cos(Math.PI * ((2 * i) + 1) * k / (2.0 * n))))
            .ToArray()),
    ];
}
