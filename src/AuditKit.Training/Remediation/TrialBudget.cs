using System.Globalization;

namespace AuditKit.Training.Remediation;

/// <summary>
/// The time that trials may take: what would not end in time is stopped as soon as it is seen, epochs after the first steps, other work (images
/// to embed, fits, an audit) after a tenth of it.
/// </summary>
/// <param name="budget">The time for all trials.</param>
/// <param name="clock">Tells the time.</param>
internal sealed class TrialBudget(TimeSpan budget, TimeProvider clock)
{
    private const int FewSteps = 4;

    // Epochs are of steps that are alike; what else is counted may begin slowly.
    private const double EnoughOfOtherWork = 0.1;

    private readonly long _start = clock.GetTimestamp();

    /// <summary>The time that is left.</summary>
    public TimeSpan Left => budget - clock.GetElapsedTime(_start);

    /// <summary>The shortest time that a trial was found to take which did not fit; null where all fitted.</summary>
    public TimeSpan? Shortest { get; private set; }

    /// <summary>Does work that tells how far it is, or stops it as soon as it is seen that the time does not suffice.</summary>
    /// <param name="last">The epoch that the work ends with, from 1; it may begin with any, where a checkpoint is gone on from.</param>
    /// <param name="progress">Told what the work tells.</param>
    /// <param name="work">The work, given what it tells its progress and a token that stops it.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>Whether the work was done.</returns>
    /// <exception cref="OperationCanceledException">The caller stopped it.</exception>
    public bool Do(int last, Action<string, long, long> progress, Action<Action<string, long, long>, CancellationToken> work, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        (string stage, int? epoch, long at, long done, long reached, int steps) = ("", null, 0L, 0L, 0L, 0);
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
            int? number = what.Split(' ') is ["epoch", var digits, ..] && int.TryParse(digits, CultureInfo.InvariantCulture, out int parsed) ? parsed : null;
            // One word may stand for two stages, as where training and validation images are embedded one after the other.
            if (what != stage || now <= reached)
            {
                if (epoch is { } before && number is { } after && after > before && steps == 0)
                {
                    // Of epochs with a single step the time from one to the next tells.
                    Require(clock.GetElapsedTime(at) * ((double)(last - after) / (after - before)));
                }

                // The first step of a stage waits for images, so time counts from its end.
                (stage, epoch, at, done, steps) = (what, number ?? epoch, clock.GetTimestamp(), now, 0);
            }
            else if ((++steps >= FewSteps && (number is not null || now >= total * EnoughOfOtherWork)) || now == total)
            {
                TimeSpan whole = clock.GetElapsedTime(at) * ((double)total / (now - done));
                Require((whole * (number is { } current ? last - current : 0)) + (whole * ((double)(total - now) / total)));
            }

            reached = now;

            if (Left <= TimeSpan.Zero)
            {
                // How long what comes after would take, this stage does not tell.
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
