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
}
