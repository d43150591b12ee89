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

        var result = new Image(width, height, image.Channels);
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
        byte[] rows = ArrayPool<byte>.Shared.Rent(length + ByteTile.Side);
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

    // Resamples rows. Sixteen at a time are turned into columns, so that a vector holds the same sample of sixteen
    // rows, as it holds sixteen samples of one row in the other pass.
    private static void Rows(ReadOnlySpan<byte> source, int channels, int width, ResampleWeights weights, Span<byte> target)
    {
        int stride = width * channels;
        int targetStride = weights.Length * channels;
        byte[] before = ArrayPool<byte>.Shared.Rent(ByteTile.RoundUp(stride) * ByteTile.Side);
        byte[] after = ArrayPool<byte>.Shared.Rent(ByteTile.RoundUp(targetStride) * ByteTile.Side);
        int height = source.Length / stride;
        for (int y = 0; y < height; y += ByteTile.Side)
        {
            int count = Math.Min(ByteTile.Side, height - y);
            ByteTile.RowsToColumns(source.Slice(y * stride, count * stride), stride, before);
            for (int x = 0; x < weights.Length; x++)
            {
                ReadOnlySpan<int> taps = weights.Weights(x);
                for (int c = 0; c < channels; c++)
                {
                    ReadOnlySpan<byte> first = before.AsSpan(((weights.First(x) * channels) + c) * ByteTile.Side);
                    WeightedSum(first, channels * ByteTile.Side, taps).CopyTo(after, ((x * channels) + c) * ByteTile.Side);
                }
            }

            ByteTile.ColumnsToRows(after, target.Slice(y * targetStride, count * targetStride), targetStride);
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
            Span<byte> output = target.Samples.AsSpan(y * stride, stride);
            for (int x = 0; x < stride; x += ByteTile.Side)
            {
                ByteTile.Store(WeightedSum(first[x..], stride, weights.Weights(y)), output[x..]);
            }
        }
    }

    // Sixteen neighbouring sums, each over samples that lie a stride apart.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> WeightedSum(ReadOnlySpan<byte> samples, int stride, ReadOnlySpan<int> taps)
    {
        ref byte first = ref MemoryMarshal.GetReference(samples[..(((taps.Length - 1) * stride) + ByteTile.Side)]);
        Vector256<int> low = Vector256.Create(Half);
        Vector256<int> high = low;
        for (int tap = 0; tap < taps.Length; tap++)
        {
            Vector128<byte> sixteen = Vector128.LoadUnsafe(ref first, (nuint)(tap * stride));
            Vector256<ushort> wide = Vector256.WidenLower(sixteen.ToVector256Unsafe());
            low += Vector256.WidenLower(wide).AsInt32() * taps[tap];
            high += Vector256.WidenUpper(wide).AsInt32() * taps[tap];
        }

        // From fixed point to samples, clipped to 0–255.
        Vector256<short> sums = Vector256.NarrowWithSaturation(low >> ResampleWeights.Precision, high >> ResampleWeights.Precision);
        Vector256<ushort> positive = Vector256.Max(sums, Vector256<short>.Zero).AsUInt16();
        return Vector128.NarrowWithSaturation(positive.GetLower(), positive.GetUpper());
    }
}
