using AuditKit.Statistics;

namespace AuditKit.Tests;

/// <summary>Work that takes long looks at the token.</summary>
public sealed class CancellationTests
{
    private static readonly CancellationToken s_cancelled = new(canceled: true);

    [Fact]
    public void Fitting_a_temperature_stops()
    {
        var scores = new ClassScores(2, [0, 1, 0], [1, 0, 0.5f, 0.2f, 0, 1]);
        Assert.InRange(Temperature.Fit(scores, [0, 1, 2]), Temperature.Least, Temperature.Largest);
        Assert.Throws<OperationCanceledException>(() => Temperature.Fit(scores, [0, 1, 2], s_cancelled));
        Assert.Throws<OperationCanceledException>(() => CalibratedLogLikelihood.Of(scores, 1, s_cancelled));
    }

    [Fact]
    public void Reading_images_stops()
    {
        int read = 0;
        Assert.Throws<OperationCanceledException>(() => ParallelLoop.Run(0, 100, 2, _ => Interlocked.Increment(ref read), s_cancelled));
        Assert.Equal(0, read);
    }
}
