using System.Globalization;

namespace AuditKit.Training.Remediation;

/// <summary>The time that trials may take: what would not end in time is stopped after its first steps, which tell how long it takes.</summary>
/// <param name="budget">The time for all trials.</param>
/// <param name="clock">Tells the time.</param>
internal sealed class TrialBudget(TimeSpan budget, TimeProvider clock)
{
    private const int FewSteps = 4;

    private readonly long _start = clock.GetTimestamp();

    /// <summary>The time that is left.</summary>
    public TimeSpan Left => budget - clock.GetElapsedTime(_start);

    /// <summary>The shortest time that a trial was found to take which did not fit; null where all fitted.</summary>
    public TimeSpan? Shortest { get; private set; }

    /// <summary>Does work that tells of epochs, or stops it as soon as it is seen that the time does not suffice.</summary>
    /// <param name="last">The epoch that the work ends with, from 1; it may begin with any, where a checkpoint is gone on from.</param>
    /// <param name="progress">Told what the work tells.</param>
    /// <param name="work">The work, given what it tells its progress and a token that stops it.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>Whether the work was done.</returns>
    /// <exception cref="OperationCanceledException">The caller stopped it.</exception>
    public bool Do(int last, Action<string, long, long> progress, Action<Action<string, long, long>, CancellationToken> work, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        (int seen, long at, long done, int steps) = (0, 0L, 0L, 0);
        if (Left <= TimeSpan.Zero)
        {
            return false;
        }

        try
        {
            work(Watch, stop.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }

        void Watch(string what, long now, long total)
        {
            progress(what, now, total);
            if (what.Split(' ') is ["epoch", var number, ..] && int.TryParse(number, CultureInfo.InvariantCulture, out int epoch))
            {
                if (epoch != seen)
                {
                    if (seen > 0 && steps == 0)
                    {
                        // Of epochs with a single step the time from one to the next tells.
                        Require(clock.GetElapsedTime(at) * ((double)(last - epoch) / (epoch - seen)));
                    }

                    // The first step of an epoch waits for images, so time counts from its end.
                    (seen, at, done, steps) = (epoch, clock.GetTimestamp(), now, 0);
                }
                else if (++steps >= FewSteps || now == total)
                {
                    TimeSpan whole = clock.GetElapsedTime(at) * ((double)total / (now - done));
                    Require((whole * (last - epoch)) + (whole * ((double)(total - now) / total)));
                }
            }

            if (Left <= TimeSpan.Zero)
            {
                // How long the whole would take, work beside epochs does not tell.
                stop.Cancel();
            }
        }

        void Require(TimeSpan rest)
        {
            if (rest > Left)
            {
                TimeSpan whole = rest + (budget - Left);
                Shortest = Shortest is { } shortest && shortest < whole ? shortest : whole;
                stop.Cancel();
            }
        }
    }
}
