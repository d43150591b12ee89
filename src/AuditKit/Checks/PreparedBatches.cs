using AuditKit.Models;

namespace AuditKit.Checks;

/// <summary>
/// The inputs of a model's batches, one after the other. While a GPU computes, the processors prepare the next batch. On the CPU preparing (loading,
/// perturbing, bringing to the model's input) and the model take turns, each on all threads: done at the same time they would fight, because the
/// engine splits every operator evenly over its threads, and one that has lost its processor to an image keeps all others waiting.
/// </summary>
internal static class PreparedBatches
{
    /// <summary>Prepares batches in order, each for as long as the loop over them has not asked for the one after.</summary>
    /// <param name="count">How many batches.</param>
    /// <param name="length">Floats of the largest batch.</param>
    /// <param name="device">Where the model computes.</param>
    /// <param name="prepare">Writes the batch of a number, from 0, into the floats; is never under way twice at the same time.</param>
    /// <returns>The number of each batch, and its floats. What <paramref name="prepare"/> throws comes when the loop asks for that batch.</returns>
    public static IEnumerable<(int Batch, float[] Pixels)> Of(int count, int length, Device device, Action<int, float[]> prepare)
    {
        bool ahead = device.Gpu is not null;
        float[] pixels = new float[length], spare = ahead ? new float[length] : pixels;
        Task? next = null;
        try
        {
            for (int batch = 0; batch < count; batch++)
            {
                if (next is null)
                {
                    prepare(batch, pixels);
                }
                else
                {
                    next.GetAwaiter().GetResult();
                }

                if (ahead && batch + 1 < count)
                {
                    (int following, float[] into) = (batch + 1, spare);
                    next = Task.Run(() => prepare(following, into));
                }

                yield return (batch, pixels);
                (pixels, spare) = (spare, pixels);
            }
        }
        finally
        {
            // Nothing may still be reading images when the loop has been left. What broke there is of no interest any more.
            Task.WaitAny([next ?? Task.CompletedTask]);
        }
    }
}
