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
        Assert.Equal(isDone, budget.Do(epochs, (_, _, _) => { }, (watch, stop) => Train(epochs, watch, stop, ref done), CancellationToken.None));

        Assert.InRange(done, steps - 1, steps);
        Assert.Equal(isDone, budget.Shortest is null);
        if (!isDone)
        {
            Assert.InRange(budget.Shortest!.Value.TotalSeconds, 29.9, 31);
        }
    }

    // Epochs of one step, 2 s each: the second tells how long the others would take.
    [Theory]
    [InlineData(21, 10, true)]
    [InlineData(19, 2, false)]
    public void Epochs_of_a_single_step_are_timed_from_one_to_the_next(int seconds, int steps, bool isDone)
    {
        var budget = new TrialBudget(TimeSpan.FromSeconds(seconds), _clock);
        int done = 0;
        Assert.Equal(isDone, budget.Do(10, (_, _, _) => { }, (watch, stop) =>
        {
            for (int epoch = 1; epoch <= 10; epoch++)
            {
                stop.ThrowIfCancellationRequested();
                _clock.Add(2);
                done++;
                watch($"epoch {epoch} of 10", 128, 128);
            }
        }, CancellationToken.None));
        Assert.Equal(steps, done);
        Assert.Equal(isDone, budget.Shortest is null);
    }

    // Of 5 epochs 3 are in the checkpoint: the 20 s that are left suffice, and are not taken for those of 4 epochs more.
    [Fact]
    public void Epochs_that_a_checkpoint_has_are_not_to_be_done_again()
    {
        var budget = new TrialBudget(TimeSpan.FromSeconds(21), _clock);
        int done = 0;
        Assert.True(budget.Do(5, (_, _, _) => { }, (watch, stop) => Train(5, watch, stop, ref done, first: 4), CancellationToken.None));
        Assert.Equal(20, done);
    }

    // 200 images, 1 s each, the first 5 s: what an embedding or an audit takes is told by a tenth of it.
    [Theory]
    [InlineData(250, 200, true)]
    [InlineData(150, 20, false)]
    [InlineData(15, 11, false)]
    public void Work_that_tells_of_images_is_stopped_after_a_tenth(int seconds, int images, bool isDone)
    {
        var budget = new TrialBudget(TimeSpan.FromSeconds(seconds), _clock);
        int done = 0;
        Assert.Equal(isDone, budget.Do(0, (_, _, _) => { }, (watch, stop) =>
        {
            while (done < 200)
            {
                stop.ThrowIfCancellationRequested();
                _clock.Add(done == 0 ? 5 : 1);
                watch("embedding images", ++done, 200);
            }
        }, CancellationToken.None));
        Assert.Equal(images, done);
        Assert.Equal(seconds == 150 ? 204 : null, budget.Shortest?.TotalSeconds);
    }

    [Fact]
    public void Work_beside_epochs_counts_and_nothing_begins_after_the_end()
    {
        var budget = new TrialBudget(TimeSpan.FromSeconds(5), _clock);
        Assert.False(budget.Do(1, (_, _, _) => { }, (watch, stop) =>
        {
            _clock.Add(6);
            watch("measuring", 1, 2);
            stop.ThrowIfCancellationRequested();
        }, CancellationToken.None));
        Assert.False(budget.Do(1, (_, _, _) => { }, (_, _) => throw new InvalidOperationException("it began"), CancellationToken.None));
    }

    [Fact]
    public void A_caller_who_stops_is_not_the_budget()
    {
        using var caller = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => new TrialBudget(TimeSpan.FromHours(1), _clock).Do(1, (_, _, _) => { }, (_, stop) =>
        {
            caller.Cancel();
            stop.ThrowIfCancellationRequested();
        }, caller.Token));
    }

    private void Train(int epochs, Action<string, long, long> watch, CancellationToken stop, ref int done, int first = 1)
    {
        for (int epoch = first; epoch <= epochs; epoch++)
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
