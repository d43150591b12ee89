using System.Runtime.InteropServices;

namespace AuditKit.Training.Loop;

/// <summary>What to do when a device has no memory for a batch: say which one it has memory for.</summary>
internal static class LargestBatch
{
    /// <summary>Whether libtorch, or an operator that it ran, had no memory.</summary>
    public static bool IsOutOfMemory(Exception e)
        => e is ExternalException or AuditException
            && (e.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase)
                || e.Message.Contains("can't allocate memory", StringComparison.Ordinal));

    /// <summary>The error that names a batch that fits, found by halving.</summary>
    /// <param name="batch">The batch that did not fit.</param>
    /// <param name="attempt">Runs a step on a smaller one.</param>
    /// <param name="cause">What libtorch said.</param>
    public static AuditException Error(Batch batch, Action<Batch> attempt, Exception cause)
    {
        for (int size = batch.Count / 2; size >= 2; size /= 2)
        {
            try
            {
                attempt(batch.First(size));
                return new AuditException($"There is not enough memory for a batch of {batch.Count}. One of {size} fits: set "
                    + $"batch: {size}.", ExitCode.Error, cause);
            }
            catch (Exception e) when (IsOutOfMemory(e))
            {
                // Does not fit either: half of it is tried next.
            }
        }

        return new AuditException("There is not enough memory for a batch of 2 of these images: take smaller ones, or another device.", ExitCode.Error, cause);
    }
}
