using AuditKit.Training.Graphs;
using AuditKit.Training.Libtorch;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.Regularisers;

/// <summary>A block of the symmetric matrix V: how n channels at one place correlate with the same n at another.</summary>
/// <param name="Values">groups×n×n; its transpose is a block of V, too, if the places differ.</param>
/// <param name="Row">The phase of the first place.</param>
/// <param name="Column">The phase of the second place.</param>
/// <param name="IsCentre">Whether both places are the same, so that V's diagonal is in the block.</param>
internal readonly record struct CorrelationBlock(Tensor Values, int Row, int Column, bool IsCentre);

/// <summary>
/// The distinct blocks of V = WᵀW (or WWᵀ), W being the block-Toeplitz matrix of a convolution, which is never built:
/// with all rows of the same phase alike, a row's entries are the kernel's correlations with itself,
/// V[(c, p), (c′, p + δ)] = Σ_o Σ_a θ[o, c, a]·θ[o, c′, a + δ] (Wang et al., Orthogonal convolutional neural
/// networks, CVPR 2020, write it as a convolution of the kernel with itself). V is symmetric, so that only half of the
/// shifts δ are computed: 13 of the 25 of a 3×3 kernel.
/// </summary>
/// <remarks>
/// This is V for an input without borders. Zero padding takes windows or inputs away at the border, which leaves the
/// largest eigenvalue within that of V and may lower the smallest one.
/// </remarks>
internal static class SelfCorrelation
{
    /// <summary>
    /// The blocks of WᵀW: C/groups channels at two places. A place is in the windows whose taps a lie on it, a·dilation ≡
    /// place (mod stride), so that there are stride² phases of places; those that no tap reaches have no block.
    /// </summary>
    public static IEnumerable<CorrelationBlock> OfColumns(LinearLayer layer)
    {
        (int Y, int X) period = Period(layer);
        return Blocks(layer.Kernels().permute(3, 4, 0, 1, 2), (1, 1), period);
    }

    /// <summary>The blocks of WWᵀ: O/groups filters, whose windows lie a multiple of the stride apart. All windows are of one phase.</summary>
    public static IEnumerable<CorrelationBlock> OfRows(LinearLayer layer)
        => Blocks(layer.Kernels().permute(3, 4, 0, 2, 1), Period(layer), (1, 1));

    /// <summary>The least number of taps that is a multiple of the stride, e·dilation ≡ 0 (mod stride).</summary>
    private static (int Y, int X) Period(LinearLayer layer)
        => (layer.Stride.Y / Gcd(layer.Stride.Y, layer.Dilation.Y), layer.Stride.X / Gcd(layer.Stride.X, layer.Dilation.X));

    /// <param name="kernels">k×l×groups×inner×n: contracted over taps and the inner dimension.</param>
    /// <param name="step">The shifts between places, in taps, are multiples of it.</param>
    /// <param name="phases">Taps that differ by a multiple of it see places of the same phase.</param>
    private static IEnumerable<CorrelationBlock> Blocks(Tensor kernels, (int Y, int X) step, (int Y, int X) phases)
    {
        (int height, int width) = ((int)kernels.shape[0], (int)kernels.shape[1]);
        Tensor[] taps = kernels.flatten(0, 1).contiguous().unbind();
        int left = (width - 1) / step.X * step.X;
        for (int dy = 0; dy < height; dy += step.Y)
        {
            for (int dx = dy == 0 ? 0 : -left; dx < width; dx += step.X)
            {
                for (int phase = 0; phase < phases.Y * phases.X; phase++)
                {
                    (int py, int px) = (phase / phases.X, phase % phases.X);
                    List<Tensor> first = [];
                    List<Tensor> second = [];
                    for (int y = py; y + dy < height; y += phases.Y)
                    {
                        for (int x = px; x < width; x += phases.X)
                        {
                            if (x + dx >= 0 && x + dx < width)
                            {
                                first.Add(taps[(y * width) + x]);
                                second.Add(taps[((y + dy) * width) + x + dx]);
                            }
                        }
                    }

                    if (first.Count > 0)
                    {
                        int column = ((py + dy) % phases.Y * phases.X) + ((px + dx + (width * phases.X)) % phases.X);
                        yield return new CorrelationBlock(
                            MatrixProduct.Of(cat(first, 1).transpose(1, 2), cat(second, 1)), phase, column, dy == 0 && dx == 0);
                    }
                }
            }
        }
    }

    private static int Gcd(int a, int b) => b == 0 ? a : Gcd(b, a % b);
}
