using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AuditKit.Imaging.Corruptions;

/// <summary>A weight of a kernel and where it looks, from the pixel that it is computed for.</summary>
/// <param name="X">Columns to the right.</param>
/// <param name="Y">Rows down.</param>
/// <param name="Weight">The weight.</param>
internal readonly record struct Tap(int X, int Y, float Weight);

/// <summary>
/// Σ w·x(pixel + offset): every kernel of the corruptions, blurs of any shape, as a sum of shifted copies of an image
/// with margins.
/// </summary>
internal static class Correlation
{
    // Floats that are summed at once, in four registers: long enough for the processor to have no time to wait.
    private const int Block = 4 * 8;

    /// <summary>Correlates every channel with a kernel.</summary>
    /// <param name="source">H×W×C values.</param>
    /// <param name="width">Width W.</param>
    /// <param name="height">Height H.</param>
    /// <param name="channels">Channels C.</param>
    /// <param name="kernel">The weights that are not zero, at least one.</param>
    /// <param name="border">What lies beyond the border.</param>
    /// <param name="target">Receives H×W×C values; may be the source.</param>
    public static void Apply(
        ReadOnlySpan<float> source, int width, int height, int channels, ReadOnlySpan<Tap> kernel, Border border, Span<float> target)
    {
        (int left, int right, int above, int below) = (0, 0, 0, 0);
        foreach (Tap tap in kernel)
        {
            (left, right) = (Math.Max(left, -tap.X), Math.Max(right, tap.X));
            (above, below) = (Math.Max(above, -tap.Y), Math.Max(below, tap.Y));
        }

        int stride = (left + width + right) * channels;
        using var padded = new Scratch<float>(((above + height + below) * stride) + Block);
        for (int y = -above; y < height + below; y++)
        {
            ReadOnlySpan<float> row = source.Slice(border.Inside(y, height) * width * channels, width * channels);
            Pad(row, left, channels, border, padded.Span.Slice((y + above) * stride, stride));
        }

        Span<int> offsets = stackalloc int[kernel.Length];
        Span<float> weights = stackalloc float[kernel.Length];
        for (int i = 0; i < kernel.Length; i++)
        {
            offsets[i] = ((kernel[i].Y + above) * stride) + ((kernel[i].X + left) * channels);
            weights[i] = kernel[i].Weight;
        }

        for (int y = 0; y < height; y++)
        {
            Sum(padded.Span[(y * stride)..], offsets, weights, target.Slice(y * width * channels, width * channels));
        }
    }

    private static void Pad(ReadOnlySpan<float> row, int left, int channels, Border border, Span<float> padded)
    {
        int width = row.Length / channels;
        row.CopyTo(padded[(left * channels)..]);
        for (int x = -left; x < (padded.Length / channels) - left; x += x == -1 ? width + 1 : 1)
        {
            row.Slice(border.Inside(x, width) * channels, channels).CopyTo(padded[((x + left) * channels)..]);
        }
    }

    // Row[i] = Σ weights[t]·input[offsets[t] + i]. Behind the input's end a block may be read, but not used.
    private static void Sum(ReadOnlySpan<float> input, ReadOnlySpan<int> offsets, ReadOnlySpan<float> weights, Span<float> row)
    {
        Span<float> end = stackalloc float[Block];
        for (int x = 0; x < row.Length; x += Block)
        {
            Vector256<float> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
            for (int t = 0; t < offsets.Length; t++)
            {
                ref float start = ref MemoryMarshal.GetReference(input.Slice(offsets[t] + x, Block));
                Vector256<float> weight = Vector256.Create(weights[t]);
                sum0 = Vector256.MultiplyAddEstimate(weight, Vector256.LoadUnsafe(ref start), sum0);
                sum1 = Vector256.MultiplyAddEstimate(weight, Vector256.LoadUnsafe(ref start, 8), sum1);
                sum2 = Vector256.MultiplyAddEstimate(weight, Vector256.LoadUnsafe(ref start, 16), sum2);
                sum3 = Vector256.MultiplyAddEstimate(weight, Vector256.LoadUnsafe(ref start, 24), sum3);
            }

            bool whole = x + Block <= row.Length;
            Span<float> output = whole ? row[x..] : end;
            sum0.CopyTo(output);
            sum1.CopyTo(output[8..]);
            sum2.CopyTo(output[16..]);
            sum3.CopyTo(output[24..]);
            if (!whole)
            {
                end[..(row.Length - x)].CopyTo(row[x..]);
            }
        }
    }
}
