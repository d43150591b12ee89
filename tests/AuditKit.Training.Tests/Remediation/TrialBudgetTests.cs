using AuditKit.Training.Remediation;

namespace AuditKit.Training.Tests.Remediation;

public sealed class TrialBudgetTests
{
    private readonly StoppedClock _clock = new();

    // 10 steps an epoch, 1 s each.
    [Theory]
    [InlineData(31, 3, 30, true)]
    [InlineData(29, 3, 6, false)]
    [InlineData(12, 1, 10, true)]
    public void What_would_not_end_in_time_is_stopped_after_its_first_steps(int seconds, int epochs, int steps, bool isDone)
    {
        var budget = new TrialBudget(TimeSpan.FromSeconds(seconds), _clock);
        int done = 0;
        Assert.Equal(isDone, budget.Do(epochs, (_, _, _) => { }, CancellationToken.None, (watch, stop) => Train(epochs, watch, stop, ref done)));

        Assert.InRange(done, steps - 1, steps);
        Assert.Equal(isDone, budget.Shortest is null);
        if (!isDone)
        {
            Assert.InRange(budget.Shortest!.Value.TotalSeconds, 29.9, 31);
        }
    }

    [Fact]
    public void Work_beside_epochs_counts_and_nothing_begins_after_the_end()
    {
        var budget = new TrialBudget(TimeSpan.FromSeconds(5), _clock);
        Assert.False(budget.Do(1, (_, _, _) => { }, CancellationToken.None, (watch, stop) =>
        {
            _clock.Add(6);
            watch("measuring", 1, 2);
            stop.ThrowIfCancellationRequested();
        }));
        Assert.False(budget.Do(1, (_, _, _) => { }, CancellationToken.None, (_, _) => throw new InvalidOperationException("it began")));
    }

    [Fact]
    public void A_caller_who_stops_is_not_the_budget()
    {
        using var caller = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => new TrialBudget(TimeSpan.FromHours(1), _clock).Do(1, (_, _, _) => { }, caller.Token, (_, stop) =>
        {
            caller.Cancel();
            stop.ThrowIfCancellationRequested();
        }));
    }

    private void Train(int epochs, Action<string, long, long> watch, CancellationToken stop, ref int done)
    {
        for (int epoch = 1; epoch <= epochs; epoch++)
        {
            for (int step = 1; step <= 10; step++)
            {
                stop.ThrowIfCancellationRequested();
                _clock.Add(1);
                done++;
                watch($"epoch {epoch} of {epochs}", step * 32, 320);
            }
        }
    }

    private sealed class StoppedClock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 1;

        public void Add(long seconds) => _now += seconds;

        public override long GetTimestamp() => _now;
    }
}
