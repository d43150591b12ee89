namespace AuditKit.Imaging.Corruptions;

/// <summary>
/// Distances by Borgefors' chamfer of 5×5 pixels (1986): steps along the axes cost 1, diagonal ones 1.4, a knight's
/// 2.1969, in fixed point of 16 bits, as OpenCV's <c>distanceTransform</c> of DIST_L2 with a mask of 5.
/// </summary>
internal static class ChamferDistance
{
    private const int Margin = 2;
    private const int One = 1 << 16;
    private const int Axis = One, Diagonal = (int)((1.4 * One) + 0.5), Knight = (int)((2.1969 * One) + 0.5);
    private const int Far = int.MaxValue - Knight;

    /// <summary>The distance of every pixel from the nearest marked one.</summary>
    /// <param name="marked">For each pixel whether it is marked.</param>
    /// <param name="width">Width in pixels.</param>
    /// <returns>Distances in pixels, above 10,000 where nothing is marked.</returns>
    public static float[] From(bool[] marked, int width)
    {
        int height = marked.Length / width;
        int stride = width + (2 * Margin);
        var distance = new int[stride * (height + (2 * Margin))];
        Array.Fill(distance, Far);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int at = ((y + Margin) * stride) + x + Margin;
                distance[at] = marked[(y * width) + x] ? 0 : Nearest(distance, at, -1, -stride);
            }
        }

        var result = new float[marked.Length];
        for (int y = height - 1; y >= 0; y--)
        {
            for (int x = width - 1; x >= 0; x--)
            {
                int at = ((y + Margin) * stride) + x + Margin;
                distance[at] = Math.Min(distance[at], Nearest(distance, at, 1, stride));
                result[(y * width) + x] = (float)distance[at] / One;
            }
        }

        return result;
    }

    // Over the eight neighbours that a pass has been at already: the one behind, and those of two rows.
    private static int Nearest(int[] distance, int at, int step, int row)
    {
        int axis = Math.Min(distance[at + step], distance[at + row]);
        int diagonal = Math.Min(distance[at + row + step], distance[at + row - step]);
        int knight = Math.Min(
            Math.Min(distance[at + row + (2 * step)], distance[at + row - (2 * step)]),
            Math.Min(distance[at + (2 * row) + step], distance[at + (2 * row) - step]));
        return Math.Min(Math.Min(axis + Axis, diagonal + Diagonal), Math.Min(knight + Knight, Far));
    }
}
