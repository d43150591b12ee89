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
        ReadOnlySpan<(int Offset, int Cost)> before =
        [
            ((-2 * stride) - 1, Knight), ((-2 * stride) + 1, Knight), (-stride - 2, Knight), (-stride + 2, Knight),
            (-stride - 1, Diagonal), (-stride + 1, Diagonal), (-stride, Axis), (-1, Axis),
        ];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int at = ((y + Margin) * stride) + x + Margin;
                distance[at] = marked[(y * width) + x] ? 0 : Nearest(distance, at, before, 1);
            }
        }

        var result = new float[marked.Length];
        for (int y = height - 1; y >= 0; y--)
        {
            for (int x = width - 1; x >= 0; x--)
            {
                int at = ((y + Margin) * stride) + x + Margin;
                distance[at] = Math.Min(distance[at], Nearest(distance, at, before, -1));
                result[(y * width) + x] = (float)distance[at] / One;
            }
        }

        return result;
    }

    // Over the neighbours that a pass has been at already; the way back looks in the opposite directions.
    private static int Nearest(int[] distance, int at, ReadOnlySpan<(int Offset, int Cost)> neighbours, int direction)
    {
        int nearest = Far;
        foreach ((int offset, int cost) in neighbours)
        {
            nearest = Math.Min(nearest, distance[at + (direction * offset)] + cost);
        }

        return nearest;
    }
}
