namespace AuditKit.Models;

/// <summary>What an engine gave, on its way to the caller.</summary>
public static class ModelOutput
{
    /// <summary>Copies rows, one an image, and refuses what is no finite number.</summary>
    /// <param name="path">The model's file, for the message.</param>
    /// <param name="rows">n×length numbers.</param>
    /// <param name="length">Numbers an image.</param>
    /// <param name="first">The place of the first image in the caller's batch.</param>
    /// <param name="to">Receives all the caller's rows.</param>
    /// <exception cref="AuditException">A number is NaN or infinite; the message names the image.</exception>
    public static void CopyFinite(string path, ReadOnlySpan<float> rows, int length, int first, Span<float> to)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            if (!float.IsFinite(rows[i]))
            {
                throw new AuditException(
                    $"{path}: the model gave {rows[i]} for image {first + (i / length)} of the batch (counted from 0). Its weights "
                    + "may be damaged, or its mean and std wrong.",
                    ExitCode.Error);
            }
        }

        rows.CopyTo(to[(first * length)..]);
    }
}
