using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AuditKit.Imaging.Corruptions;

/// <summary>Looks an image up at places between its pixels, bilinearly.</summary>
internal static class Warp
{
    /// <summary>Values that may be read behind the last pixel: a vector holds a pixel of three and one value more.</summary>
    public const int Slack = 1;

    /// <summary>Each pixel of the target from its place in the source.</summary>
    /// <param name="source">H×W×C values, and <see cref="Slack"/> more.</param>
    /// <param name="width">Width W.</param>
    /// <param name="height">Height H.</param>
    /// <param name="channels">Channels C, 1 or 3.</param>
    /// <param name="columns">For each of H·W pixels the column that it is looked up at.</param>
    /// <param name="rows">The row.</param>
    /// <param name="border">What lies beyond the border.</param>
    /// <param name="target">Receives H×W×C values, and <see cref="Slack"/> more; not the source.</param>
    public static void Apply(
        ReadOnlySpan<float> source, int width, int height, int channels,
        ReadOnlySpan<float> columns, ReadOnlySpan<float> rows, Border border, Span<float> target)
    {
        ref float start = ref MemoryMarshal.GetReference(source);
        for (int pixel = 0; pixel < width * height; pixel++)
        {
            (float column, float row) = (columns[pixel], rows[pixel]);
            (int x, int y) = ((int)MathF.Floor(column), (int)MathF.Floor(row));
            (float right, float down) = (column - x, row - y);
            (int nextX, int nextY) = (x + 1, y + 1);
            if (x < 0 || nextX >= width)
            {
                (x, nextX) = (border.Inside(x, width), border.Inside(nextX, width));
            }

            if (y < 0 || nextY >= height)
            {
                (y, nextY) = (border.Inside(y, height), border.Inside(nextY, height));
            }

            int upperLeft = ((y * width) + x) * channels, upperRight = ((y * width) + nextX) * channels;
            int lowerLeft = ((nextY * width) + x) * channels, lowerRight = ((nextY * width) + nextX) * channels;
            if (channels == 3)
            {
                // The fourth value is the next pixel's first, which is written over when its turn comes.
                Vector128<float> upper = Between(Load(ref start, upperLeft), Load(ref start, upperRight), right);
                Vector128<float> lower = Between(Load(ref start, lowerLeft), Load(ref start, lowerRight), right);
                Between(upper, lower, down).CopyTo(target[(3 * pixel)..]);
            }
            else
            {
                float upper = source[upperLeft] + ((source[upperRight] - source[upperLeft]) * right);
                float lower = source[lowerLeft] + ((source[lowerRight] - source[lowerLeft]) * right);
                target[pixel] = upper + ((lower - upper) * down);
            }
        }
    }

    private static Vector128<float> Load(ref float start, int index) => Vector128.LoadUnsafe(ref start, (nuint)index);

    private static Vector128<float> Between(Vector128<float> first, Vector128<float> second, float share)
        => first + ((second - first) * share);
}
