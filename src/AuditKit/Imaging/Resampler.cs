using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AuditKit.Imaging;

/// <summary>A part of an image, in pixels from its upper left corner; edges may lie between pixels.</summary>
/// <param name="Left">Left edge, at least 0.</param>
/// <param name="Top">Upper edge, at least 0.</param>
/// <param name="Right">Right edge, beyond <paramref name="Left"/> and at most the width.</param>
/// <param name="Bottom">Lower edge, beyond <paramref name="Top"/> and at most the height.</param>
public readonly record struct ResampleBox(float Left, float Top, float Right, float Bottom);

/// <summary>
/// Changes the size of images as Pillow's <c>Image.resize</c> does, sample for sample: rows first, then columns,
/// each pass rounded to 8 bits, weights in fixed point, and a pass left out where it would change nothing.
/// </summary>
/// <remarks>
/// What deployed preprocessing does to an image is part of what is audited, and one grey level may decide a
/// prediction; therefore equal, and not just close.
/// </remarks>
public static class Resampler
{
    private const int Half = 1 << (ResampleWeights.Precision - 1);
    private const int Lanes = 32;

    /// <summary>The image at another size.</summary>
    /// <param name="image">The source, which is not changed.</param>
    /// <param name="width">The width wanted, in pixels.</param>
    /// <param name="height">The height wanted, in pixels.</param>
    /// <param name="filter">The kernel.</param>
    /// <param name="box">
    /// The part of the source that is shown; null for all of it. As in Pillow, pixels just outside of it count in at
    /// its edges: to resize a part by itself, cut it out first.
    /// </param>
    /// <exception cref="ArgumentException">A size below 1, or a box that is empty or leaves the image.</exception>
    public static Image Resize(Image image, int width, int height, ResampleFilter filter, ResampleBox? box = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(filter);
        var whole = new ResampleBox(0, 0, image.Width, image.Height);
        ResampleBox part = box ?? whole;
        if (!(part.Left >= 0 && part.Top >= 0 && part.Right <= whole.Right && part.Bottom <= whole.Bottom
            && part.Left < part.Right && part.Top < part.Bottom))
        {
            throw new ArgumentException($"{part} is empty or leaves the image of {image.Width}×{image.Height} pixels.", nameof(box));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        var result = new Image(
            width, height, image.Channels, GC.AllocateUninitializedArray<byte>(checked(width * height * image.Channels)));
        bool across = width != image.Width || part.Left != 0 || part.Right != width;
        bool down = height != image.Height || part.Top != 0 || part.Bottom != height;
        ResampleWeights horizontal = ResampleWeights.For(image.Width, part.Left, part.Right, width, filter);
        ResampleWeights vertical = ResampleWeights.For(image.Height, part.Top, part.Bottom, height, filter);
        if (!down)
        {
            Across(0, image.Height, result.Samples);
            return result;
        }

        // Between the passes, only the rows that the second one reads; its vectors may read on a little behind them.
        int length = checked((vertical.End - vertical.Start) * width * image.Channels);
        byte[] rows = ArrayPool<byte>.Shared.Rent(length + Lanes);
        Across(vertical.Start, vertical.End, rows.AsSpan(0, length));
        Columns(rows, vertical, result);
        ArrayPool<byte>.Shared.Return(rows);
        return result;

        void Across(int start, int end, Span<byte> target)
        {
            int stride = image.Width * image.Channels;
            ReadOnlySpan<byte> source = image.Samples.AsSpan(start * stride, (end - start) * stride);
            if (across)
            {
                Rows(source, image.Channels, image.Width, horizontal, target);
            }
            else
            {
                source.CopyTo(target);
            }
        }
    }

    // Resamples rows. As many as a vector has bytes are turned into columns at a time: then a vector holds the same
    // sample of all these rows, as it holds neighbouring samples of one row in the other pass.
    private static void Rows(ReadOnlySpan<byte> source, int channels, int width, ResampleWeights weights, Span<byte> target)
    {
        int stride = width * channels;
        int targetStride = weights.Length * channels;
        int pixel = channels * Lanes;
        byte[] before = ArrayPool<byte>.Shared.Rent((stride + ByteTile.Side) * Lanes);
        byte[] after = ArrayPool<byte>.Shared.Rent((targetStride + ByteTile.Side) * Lanes);
        for (int y = 0; y < source.Length / stride; y += Lanes)
        {
            ReadOnlySpan<byte> rows = source[(y * stride)..];
            Transpose(rows[..Math.Min(Lanes * stride, rows.Length)], stride, before, Lanes);
            for (int x = 0; x < weights.Length; x++)
            {
                WeightedSum(before.AsSpan(weights.First(x) * pixel), weights.Weights(x), after.AsSpan(x * pixel, pixel));
            }

            Span<byte> targetRows = target[(y * targetStride)..];
            Transpose(after.AsSpan(0, targetStride * Lanes), Lanes, targetRows[..Math.Min(Lanes * targetStride, targetRows.Length)], targetStride);
        }

        ArrayPool<byte>.Shared.Return(before);
        ArrayPool<byte>.Shared.Return(after);
    }

    // Resamples columns; the rows begin with the first that the weights need.
    private static void Columns(ReadOnlySpan<byte> rows, ResampleWeights weights, Image target)
    {
        int stride = target.Width * target.Channels;
        for (int y = 0; y < target.Height; y++)
        {
            ReadOnlySpan<byte> first = rows[((weights.First(y) - weights.Start) * stride)..];
            WeightedSum(first, weights.Weights(y), target.Samples.AsSpan(y * stride, stride));
        }
    }

    // The output line is the weighted sum of as many input lines as there are weights. The lines lie one behind
    // the other, and less than a vector behind the last may be read.
    private static void WeightedSum(ReadOnlySpan<byte> lines, ReadOnlySpan<int> weights, Span<byte> output)
    {
        int stride = output.Length;
        ref byte first = ref MemoryMarshal.GetReference(lines[..(((weights.Length - 1) * stride) + ((stride + Lanes - 1) & -Lanes))]);
        Vector256<uint> lowest = Vector256.Create(0xFFu);
        Span<byte> end = stackalloc byte[Lanes];
        for (int x = 0; x < stride; x += Lanes)
        {
            // Four sums, each of every fourth sample, so that samples widen and narrow without changing places.
            Vector256<int> sum0 = Vector256.Create(Half);
            (Vector256<int> sum1, Vector256<int> sum2, Vector256<int> sum3) = (sum0, sum0, sum0);
            ref byte samples = ref Unsafe.Add(ref first, x);
            for (int i = 0; i < weights.Length; i++)
            {
                Vector256<int> weight = Vector256.Create(weights[i]);
                Vector256<uint> fours = Vector256.LoadUnsafe(ref samples).AsUInt32();
                sum0 += (fours & lowest).AsInt32() * weight;
                sum1 += ((fours >> 8) & lowest).AsInt32() * weight;
                sum2 += ((fours >> 16) & lowest).AsInt32() * weight;
                sum3 += (fours >> 24).AsInt32() * weight;
                samples = ref Unsafe.Add(ref samples, stride);
            }

            Vector256<byte> result = (Sample(sum0) | (Sample(sum1) << 8) | (Sample(sum2) << 16) | (Sample(sum3) << 24)).AsByte();
            if (x + Lanes <= stride)
            {
                result.CopyTo(output[x..]);
            }
            else
            {
                result.CopyTo(end);
                end[..(stride - x)].CopyTo(output[x..]);
            }
        }
    }

    // From fixed point to 0–255, clipped.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Sample(Vector256<int> sum)
        => Vector256.Min(Vector256.Max(sum >> ResampleWeights.Precision, Vector256<int>.Zero), Vector256.Create(255));

    // Byte b of input line r becomes byte r of output line b.
    private static void Transpose(ReadOnlySpan<byte> input, int inputStride, Span<byte> output, int outputStride)
    {
        for (int r = 0; r * inputStride < input.Length; r += ByteTile.Side)
        {
            for (int b = 0; b < inputStride && b * outputStride < output.Length; b += ByteTile.Side)
            {
                ByteTile tile = ByteTile.Load(input[((r * inputStride) + b)..], inputStride);
                tile.Transpose();
                tile.Store(output[((b * outputStride) + r)..], outputStride, outputStride - r);
            }
        }
    }
}
