namespace AuditKit.Models;

/// <summary>What an engine gave, on its way to the caller.</summary>
public static class ModelOutput
{
    /// <summary>Copies rows, one an image, and notes those that hold NaN or infinity.</summary>
    /// <param name="rows">n×length numbers.</param>
    /// <param name="length">Numbers an image.</param>
    /// <param name="first">The place of the first image in the caller's batch.</param>
    /// <param name="to">Receives all the caller's rows.</param>
    /// <param name="notFinite">Receives the places of images that were given no finite numbers; stays null where there are none.</param>
    public static void Copy(ReadOnlySpan<float> rows, int length, int first, Span<float> to, ref List<int>? notFinite)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            if (!float.IsFinite(rows[i]))
            {
                int image = first + (i / length);
                notFinite ??= [];
                if (!notFinite.Contains(image))
                {
                    notFinite.Add(image);
                }
            }
        }

        rows.CopyTo(to[(first * length)..]);
    }

    /// <summary>Copies the rows of one batch, and refuses what is no finite number.</summary>
    /// <param name="path">The model's file, for the message.</param>
    /// <param name="rows">n×length numbers.</param>
    /// <param name="length">Numbers an image.</param>
    /// <param name="to">Receives the rows.</param>
    /// <exception cref="NotFiniteException">A number is NaN or infinite.</exception>
    public static void CopyFinite(string path, ReadOnlySpan<float> rows, int length, Span<float> to)
    {
        List<int>? notFinite = null;
        Copy(rows, length, 0, to, ref notFinite);
        Require(path, notFinite);
    }

    /// <summary>Refuses what is no finite number.</summary>
    /// <param name="path">The model's file, for the message.</param>
    /// <param name="notFinite">What <see cref="Copy"/> has noted.</param>
    /// <exception cref="NotFiniteException">There are such images.</exception>
    public static void Require(string path, List<int>? notFinite)
    {
        if (notFinite is not null)
        {
            throw new NotFiniteException(path, notFinite);
        }
    }
}
