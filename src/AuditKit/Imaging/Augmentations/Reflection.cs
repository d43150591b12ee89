namespace AuditKit.Imaging.Augmentations;

/// <summary>How an image goes on beyond its borders: mirrored at its outermost pixels, which are not repeated.</summary>
internal static class Reflection
{
    /// <summary>The index within 0 .. n − 1 that a position shows.</summary>
    /// <param name="position">Any position.</param>
    /// <param name="n">The side, at least 1.</param>
    public static int Index(int position, int n)
    {
        if ((uint)position < (uint)n)
        {
            return position;
        }

        if (n == 1)
        {
            return 0;
        }

        int period = 2 * (n - 1);
        int within = ((position % period) + period) % period;
        return within < n ? within : period - within;
    }

    /// <summary>A part of an image that may lie beyond its borders.</summary>
    /// <param name="image">The original.</param>
    /// <param name="left">Where it begins, from the image's left edge.</param>
    /// <param name="top">Where it begins, from the image's upper edge.</param>
    /// <param name="width">Its width.</param>
    /// <param name="height">Its height.</param>
    public static Image Window(Image image, int left, int top, int width, int height)
    {
        var result = new Image(width, height, image.Channels);
        for (int y = 0; y < height; y++)
        {
            int row = Index(top + y, image.Height) * image.Width;
            for (int x = 0; x < width; x++)
            {
                image.Samples.AsSpan((row + Index(left + x, image.Width)) * image.Channels, image.Channels)
                    .CopyTo(result.Samples.AsSpan(((y * width) + x) * image.Channels));
            }
        }

        return result;
    }
}
