using System.Diagnostics;
using Spectre.Console;

namespace AuditKit.Cli;

/// <summary>
/// Progress with time left: bars on a terminal, a line every few seconds elsewhere (CI logs), nothing for work
/// that is over before anybody could wonder.
/// </summary>
internal static class ProgressDisplay
{
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(10);

    /// <summary>Runs <paramref name="work"/>, showing what it reports: a task's name, units done, units in all.</summary>
    public static T Show<T>(Func<Action<string, long, long>, T> work)
        => Terminal.IsWatched ? WithBars(work) : WithLines(work);

    private static T WithBars<T>(Func<Action<string, long, long>, T> work)
        => Terminal.Out.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                var tasks = new Dictionary<string, ProgressTask>(StringComparer.Ordinal);
                return work((name, done, total) =>
                {
                    if (!tasks.TryGetValue(name, out ProgressTask? task))
                    {
                        tasks[name] = task = context.AddTask(Markup.Escape(name), maxValue: Math.Max(1, total));
                    }

                    task.Value = done;
                });
            });

    private static T WithLines<T>(Func<Action<string, long, long>, T> work)
    {
        var clock = Stopwatch.StartNew();
        (string? Name, long Done, TimeSpan At) start = default;
        TimeSpan printed = TimeSpan.Zero;
        return work((name, done, total) =>
        {
            TimeSpan now = clock.Elapsed;
            if (start.Name != name)
            {
                start = (name, done, now);
            }

            if (now - printed >= LineEvery && done > start.Done)
            {
                printed = now;
                TimeSpan left = (now - start.At) * ((double)(total - done) / (done - start.Done));
                Console.WriteLine($"{name}: {done} of {total}, about {Left(left)} left");
            }
        });
    }

    private static string Left(TimeSpan time)
        => time.TotalMinutes < 2 ? $"{Math.Ceiling(time.TotalSeconds)} s" : $"{Math.Ceiling(time.TotalMinutes)} min";
}
