using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AuditKit.Imaging.Corruptions;

/// <summary>
/// The centre of an image, enlarged to the image's size by linear interpolation: first and last sample of what is
/// cut out stay first and last, as SciPy's <c>zoom</c> of order 1 has it, and what is too much is trimmed off.
/// </summary>
internal static class ClippedZoom
{
    /// <summary>Adds the enlarged centre to a sum.</summary>
    /// <param name="source">H×W×C values.</param>
    /// <param name="width">Width W.</param>
    /// <param name="height">Height H.</param>
    /// <param name="channels">Channels C, 1 or 3.</param>
    /// <param name="factor">How much is it enlarged, at least 1.</param>
    /// <param name="sum">H×W×C values that it is added to.</param>
    public static void Add(ReadOnlySpan<float> source, int width, int height, int channels, double factor, Span<float> sum)
    {
        const int Slack = 4;
        int stride = width * channels;
        using var columns = new Scratch<Sample>(width);
        using var rows = new Scratch<Sample>(height);
        using var between = new Scratch<float>(stride + Slack);
        using var enlarged = new Scratch<float>(stride + Slack);
        Locate(columns.Span, factor);
        Locate(rows.Span, factor);
        between.Span[stride..].Clear();
        for (int y = 0; y < height; y++)
        {
            Sample row = rows.Span[y];
            ReadOnlySpan<float> upper = source.Slice(row.First * stride, stride);
            ReadOnlySpan<float> lower = source.Slice(row.Second * stride, stride);
            Interpolate(upper, lower, row.Fraction, between.Span);
            if (channels == 3)
            {
                EnlargeColour(between.Span, columns.Span, enlarged.Span);
            }
            else
            {
                EnlargeGrey(between.Span, columns.Span, enlarged.Span);
            }

            Levels.Add(enlarged.Span[..stride], sum.Slice(y * stride, stride));
        }
    }

    // Where each output sample lies between two samples of the source.
    private static void Locate(Span<Sample> samples, double factor)
    {
        int length = samples.Length;
        int cut = (int)Math.Ceiling(length / factor);
        int start = (length - cut) / 2;
        int enlarged = (int)Math.Round(cut * factor, MidpointRounding.ToEven);
        int trimmed = (enlarged - length) / 2;
        double step = enlarged > 1 ? (cut - 1.0) / (enlarged - 1) : 0;
        for (int i = 0; i < length; i++)
        {
            double at = (i + trimmed) * step;
            int first = Math.Clamp((int)at, 0, Math.Max(0, cut - 2));
            samples[i] = new Sample(start + first, start + Math.Min(first + 1, cut - 1), (float)(at - first));
        }
    }

    private static void Interpolate(ReadOnlySpan<float> first, ReadOnlySpan<float> second, float fraction, Span<float> between)
    {
        Vector256<float> share = Vector256.Create(fraction);
        int i = 0;
        for (; i <= first.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            Vector256<float> from = Vector256.Create(first[i..]);
            (from + ((Vector256.Create(second[i..]) - from) * share)).CopyTo(between[i..]);
        }

        for (; i < first.Length; i++)
        {
            between[i] = first[i] + ((second[i] - first[i]) * fraction);
        }
    }

    // A vector holds a pixel and the next one's first sample, which is written over when its turn comes.
    private static void EnlargeColour(ReadOnlySpan<float> row, ReadOnlySpan<Sample> columns, Span<float> enlarged)
    {
        ref float start = ref MemoryMarshal.GetReference(row);
        for (int x = 0; x < columns.Length; x++)
        {
            Sample column = columns[x];
            Vector128<float> first = Vector128.LoadUnsafe(ref start, (nuint)(3 * column.First));
            Vector128<float> second = Vector128.LoadUnsafe(ref start, (nuint)(3 * column.Second));
            (first + ((second - first) * Vector128.Create(column.Fraction))).CopyTo(enlarged[(3 * x)..]);
        }
    }

    private static void EnlargeGrey(ReadOnlySpan<float> row, ReadOnlySpan<Sample> columns, Span<float> enlarged)
    {
        for (int x = 0; x < columns.Length; x++)
        {
            (float first, float second) = (row[columns[x].First], row[columns[x].Second]);
            enlarged[x] = first + ((second - first) * columns[x].Fraction);
        }
    }

    private readonly record struct Sample(int First, int Second, float Fraction);
}
