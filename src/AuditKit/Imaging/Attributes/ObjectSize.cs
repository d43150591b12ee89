namespace AuditKit.Imaging.Attributes;

/// <summary>
/// How much of an image its object fills, when the object differs in colour from the background that touches the
/// border. The background colour is the median of the outermost pixels, channel by channel; a pixel's distance from
/// it is the largest difference of a channel; Otsu's threshold (A threshold selection method from gray-level
/// histograms, IEEE Trans. SMC 1979) parts near from far; the object is the largest 8-connected set of far pixels.
/// </summary>
/// <remarks>Made for one object before a plain background. On a cluttered photograph it measures the largest patch.</remarks>
public static class ObjectSize
{
    internal const string Description =
        "Share of the image inside the bounding box of its object: the largest connected set of pixels whose colour differs (largest channel "
            + "difference, Otsu's threshold) from the median colour of the border. A rough guide where the background is cluttered.";

    /// <summary>The area of the object's bounding box over the image's area, 0–1; 0 for an image of one colour.</summary>
    public static double Of(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        byte[] distance = DistanceFromBorder(image);
        int threshold = OtsuThreshold(distance);
        return (double)LargestBox(distance, threshold, image.Width, image.Height) / ((long)image.Width * image.Height);
    }

    private static byte[] DistanceFromBorder(Image image)
    {
        var distance = new byte[image.Width * image.Height];
        for (int c = 0; c < image.Channels; c++)
        {
            int background = BorderMedian(image, c);
            for (int i = 0; i < distance.Length; i++)
            {
                distance[i] = (byte)Math.Max(distance[i], Math.Abs(image.Samples[(i * image.Channels) + c] - background));
            }
        }

        return distance;
    }

    // The lower median over the outermost pixels, each counted once.
    private static byte BorderMedian(Image image, int c)
    {
        var border = new List<byte>();
        for (int y = 0; y < image.Height; y++)
        {
            bool wholeRow = y == 0 || y == image.Height - 1;
            for (int x = 0; x < image.Width; x += wholeRow ? 1 : Math.Max(1, image.Width - 1))
            {
                border.Add(image[y, x, c]);
            }
        }

        border.Sort();
        return border[(border.Count - 1) / 2];
    }

    /// <summary>
    /// Otsu's threshold t: the lowest one that maximises the variance between the values ≤ t and those above, σ²_B =
    /// ω₀·ω₁·(μ₀ − μ₁)² (his equation 14); 255 where all values are equal.
    /// </summary>
    internal static int OtsuThreshold(ReadOnlySpan<byte> values)
    {
        Span<long> histogram = stackalloc long[256];
        histogram.Clear();
        long total = 0;
        foreach (byte value in values)
        {
            histogram[value]++;
            total += value;
        }

        long below = 0, sumBelow = 0;
        double best = 0;
        int threshold = 255;
        for (int t = 0; t < 255; t++)
        {
            below += histogram[t];
            sumBelow += t * histogram[t];
            long above = values.Length - below;
            if (below > 0 && above > 0)
            {
                double difference = ((double)sumBelow / below) - ((double)(total - sumBelow) / above);
                double between = (double)below * above * difference * difference;
                if (between > best)
                {
                    (best, threshold) = (between, t);
                }
            }
        }

        return threshold;
    }

    // The area of the bounding box of the 8-connected set with the most pixels, the first in raster order at a tie.
    private static long LargestBox(byte[] distance, int threshold, int width, int height)
    {
        var seen = new bool[distance.Length];
        var pending = new Stack<int>();
        (int pixels, long area) = (0, 0);
        for (int start = 0; start < distance.Length; start++)
        {
            if (seen[start] || distance[start] <= threshold)
            {
                continue;
            }

            (int count, int left, int right, int top, int bottom) = (0, width, 0, height, 0);
            seen[start] = true;
            pending.Push(start);
            while (pending.TryPop(out int pixel))
            {
                (int y, int x) = Math.DivRem(pixel, width);
                (left, right, top, bottom) = (Math.Min(left, x), Math.Max(right, x), Math.Min(top, y), Math.Max(bottom, y));
                count++;
                for (int ny = Math.Max(0, y - 1); ny <= Math.Min(height - 1, y + 1); ny++)
                {
                    for (int nx = Math.Max(0, x - 1); nx <= Math.Min(width - 1, x + 1); nx++)
                    {
                        int neighbour = (ny * width) + nx;
                        if (!seen[neighbour] && distance[neighbour] > threshold)
                        {
                            seen[neighbour] = true;
                            pending.Push(neighbour);
                        }
                    }
                }
            }

            if (count > pixels)
            {
                (pixels, area) = (count, (long)(right - left + 1) * (bottom - top + 1));
            }
        }

        return area;
    }
}
