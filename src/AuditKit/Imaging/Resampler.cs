using System.Buffers;
using System.Buffers.Binary;
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

    // A pixel is read as four bytes, of which an RGB one has three: rows that end the buffer are copied to where
    // more may be read.
    private const int Slack = 3;

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
        if (!across && !down)
        {
            image.Samples.CopyTo(result.Samples, 0);
            return result;
        }

        if (!across)
        {
            Down(image.Samples, 0, VerticalWeights(), result);
            return result;
        }

        ResampleWeights horizontal = ResampleWeights.For(image.Width, part.Left, part.Right, width, filter);
        if (!down)
        {
            Across(image, 0, image.Height, horizontal, result.Samples);
            return result;
        }

        ResampleWeights vertical = VerticalWeights();
        byte[] rows = ArrayPool<byte>.Shared.Rent((vertical.End - vertical.Start) * width * image.Channels);
        Across(image, vertical.Start, vertical.End, horizontal, rows);
        Down(rows, vertical.Start, vertical, result);
        ArrayPool<byte>.Shared.Return(rows);
        return result;

        ResampleWeights VerticalWeights() => ResampleWeights.For(image.Height, part.Top, part.Bottom, height, filter);
    }

    // Resamples rows start .. end − 1 of the image to the weights' length.
    private static void Across(Image image, int start, int end, ResampleWeights weights, Span<byte> target)
    {
        int stride = image.Width * image.Channels;
        byte[]? padded = null;
        for (int y = start; y < end; y++)
        {
            ReadOnlySpan<byte> row = image.Samples.AsSpan(y * stride);
            if (row.Length < stride + Slack)
            {
                padded ??= ArrayPool<byte>.Shared.Rent(stride + Slack);
                row[..stride].CopyTo(padded);
                row = padded;
            }

            Span<byte> output = target.Slice((y - start) * weights.Length * image.Channels, weights.Length * image.Channels);
            if (image.Channels == 1)
            {
                GreyRow(row, weights, output);
            }
            else
            {
                RgbRow(row, weights, output);
            }
        }

        if (padded is not null)
        {
            ArrayPool<byte>.Shared.Return(padded);
        }
    }

    // A vector holds four neighbouring pixels.
    private static void GreyRow(ReadOnlySpan<byte> row, ResampleWeights weights, Span<byte> output)
    {
        for (int x = 0; x < output.Length; x++)
        {
            ReadOnlySpan<Vector128<int>> padded = MemoryMarshal.Cast<int, Vector128<int>>(weights.PaddedWeights(x));
            ReadOnlySpan<byte> pixels = row.Slice(weights.First(x), padded.Length * 4);
            Vector128<int> sum = Vector128<int>.Zero;
            for (int four = 0; four < padded.Length; four++)
            {
                sum += FourSamples(pixels[(four * 4)..]) * padded[four];
            }

            output[x] = (byte)Math.Clamp((Vector128.Sum(sum) + Half) >> ResampleWeights.Precision, 0, 255);
        }
    }

    // A vector holds the channels of one pixel, and a fourth that is dropped.
    private static void RgbRow(ReadOnlySpan<byte> row, ResampleWeights weights, Span<byte> output)
    {
        for (int x = 0; x < weights.Length; x++)
        {
            ReadOnlySpan<int> taps = weights.Weights(x);
            ReadOnlySpan<byte> pixels = row.Slice(weights.First(x) * 3, (taps.Length * 3) + 1);
            Vector128<int> sum = Vector128.Create(Half);
            for (int tap = 0; tap < taps.Length; tap++)
            {
                sum += FourSamples(pixels[(tap * 3)..]) * taps[tap];
            }

            uint rgb = Narrow(sum, sum, sum, sum).AsUInt32().ToScalar();
            BinaryPrimitives.WriteUInt16LittleEndian(output[(x * 3)..], (ushort)rgb);
            output[(x * 3) + 2] = (byte)(rgb >> 16);
        }
    }

    // Resamples columns; rows[0] is the source's row "start".
    private static void Down(ReadOnlySpan<byte> rows, int start, ResampleWeights weights, Image target)
    {
        int stride = target.Width * target.Channels;
        for (int y = 0; y < target.Height; y++)
        {
            ReadOnlySpan<int> taps = weights.Weights(y);
            ReadOnlySpan<byte> source = rows.Slice((weights.First(y) - start) * stride, taps.Length * stride);
            Span<byte> output = target.Samples.AsSpan(y * stride, stride);
            int x = 0;
            for (; x <= stride - Vector128<byte>.Count; x += Vector128<byte>.Count)
            {
                SumOfRows(source, x, stride, taps).CopyTo(output[x..]);
            }

            if (x < stride && x > 0)
            {
                // The last vector overlaps the one before.
                x = stride - Vector128<byte>.Count;
                SumOfRows(source, x, stride, taps).CopyTo(output[x..]);
                continue;
            }

            for (; x < stride; x++)
            {
                int sum = Half;
                for (int tap = 0; tap < taps.Length; tap++)
                {
                    sum += source[(tap * stride) + x] * taps[tap];
                }

                output[x] = (byte)Math.Clamp(sum >> ResampleWeights.Precision, 0, 255);
            }
        }
    }

    // Sixteen neighbouring samples of an output row.
    private static Vector128<byte> SumOfRows(ReadOnlySpan<byte> source, int x, int stride, ReadOnlySpan<int> taps)
    {
        Vector128<int> half = Vector128.Create(Half);
        (Vector128<int> a, Vector128<int> b, Vector128<int> c, Vector128<int> d) = (half, half, half, half);
        for (int tap = 0; tap < taps.Length; tap++)
        {
            Vector128<int> weight = Vector128.Create(taps[tap]);
            Vector128<byte> samples = Vector128.Create(source.Slice((tap * stride) + x, Vector128<byte>.Count));
            (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(samples);
            a += Vector128.WidenLower(low).AsInt32() * weight;
            b += Vector128.WidenUpper(low).AsInt32() * weight;
            c += Vector128.WidenLower(high).AsInt32() * weight;
            d += Vector128.WidenUpper(high).AsInt32() * weight;
        }

        return Narrow(a, b, c, d);
    }

    private static Vector128<int> FourSamples(ReadOnlySpan<byte> samples)
        => Vector128.WidenLower(Vector128.WidenLower(
            Vector128.CreateScalarUnsafe(BinaryPrimitives.ReadUInt32LittleEndian(samples)).AsByte())).AsInt32();

    // Fixed point to samples, clipped to 0–255.
    private static Vector128<byte> Narrow(Vector128<int> a, Vector128<int> b, Vector128<int> c, Vector128<int> d)
    {
        Vector128<short> low = Vector128.NarrowWithSaturation(a >> ResampleWeights.Precision, b >> ResampleWeights.Precision);
        Vector128<short> high = Vector128.NarrowWithSaturation(c >> ResampleWeights.Precision, d >> ResampleWeights.Precision);
        return Vector128.NarrowWithSaturation(
            Vector128.Max(low, Vector128<short>.Zero).AsUInt16(),
            Vector128.Max(high, Vector128<short>.Zero).AsUInt16());
    }
}
