using System.Runtime.ExceptionServices;

namespace AuditKit;

/// <summary>A loop over images or files on several threads that fails as one on a single thread does: with the first one's error.</summary>
internal static class ParallelLoop
{
    /// <summary>Runs the body for every index.</summary>
    /// <param name="from">The first index.</param>
    /// <param name="to">One more than the last.</param>
    /// <param name="threads">Threads that run it at the same time, at least 1.</param>
    /// <param name="body">What to do; whatever it throws comes out as it is, that of the lowest index where several fail.</param>
    /// <param name="cancellation">Stops between two indices.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static void Run(int from, int to, int threads, Action<int> body, CancellationToken cancellation = default)
    {
        var failures = new ExceptionDispatchInfo?[to - from];
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        ParallelLoopResult result = Parallel.For(from, to, options, (index, loop) =>
        {
#pragma warning disable CA1031 // Nothing is swallowed: the first failure is thrown below.
            try
            {
                body(index);
            }
            catch (Exception e)
            {
                failures[index - from] = ExceptionDispatchInfo.Capture(e);
                // Unlike an exception of the loop's own, this lets every lower index run, one of which may fail, too.
                loop.Break();
            }
#pragma warning restore CA1031
        });
        if (result.LowestBreakIteration is { } first)
        {
            failures[first - from]!.Throw();
        }
    }
}
