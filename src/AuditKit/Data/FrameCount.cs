namespace AuditKit.Data;

/// <summary>How many images of a data set are the first of several in their file: the frames of an animation, the pages of a TIFF.</summary>
public static class FrameCount
{
    /// <summary>What reports call them.</summary>
    public const string Label = "Images of several frames or pages";

    /// <summary>Counts them.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="threads">Files read at the same time, at least 1.</param>
    /// <param name="cancellation">Stops between two files.</param>
    public static int Of(IDataset data, int threads, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        return Of(data, [.. Enumerable.Range(0, data.Count)], threads, cancellation);
    }

    /// <summary>Counts those among some images.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="images">The images, by index.</param>
    /// <param name="threads">Files read at the same time, at least 1.</param>
    /// <param name="cancellation">Stops between two files.</param>
    internal static int Of(IDataset data, int[] images, int threads, CancellationToken cancellation)
    {
        int several = 0;
        ParallelLoop.Run(0, images.Length, threads, i =>
        {
            if (data.Frames(images[i]) > 1)
            {
                Interlocked.Increment(ref several);
            }
        }, cancellation);
        return several;
    }

    /// <summary>How many, and what became of the others.</summary>
    /// <param name="several">The count.</param>
    public static string Describe(int several) => $"{several}; of each, the first was taken";
}
