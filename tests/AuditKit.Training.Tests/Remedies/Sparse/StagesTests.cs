using AuditKit.Training.Remedies.Sparse;

namespace AuditKit.Training.Tests.Remedies.Sparse;

public sealed class StagesTests
{
    /// <summary>An epoch that the first share falls into the middle of is dense yet; one that the second does removes the last weights.</summary>
    [Theory]
    [InlineData(0.2, 0.6, 10, 2, 6)]
    [InlineData(0.25, 0.65, 10, 3, 6)]
    [InlineData(0.35, 0.39, 10, 4, 4)]
    [InlineData(0.3, 0.7, 3, 1, 2)]
    [InlineData(0.9, 0.95, 3, 2, 2)]
    [InlineData(0, 0, 2, 0, 0)]
    public void Weights_go_in_whole_epochs(double from, double until, int epochs, int first, int last)
        => Assert.Equal(new Stages(first, last), Stages.Of(from, until, epochs));

    /// <summary>Weights that nothing has trained yet say nothing by their size.</summary>
    /// <param name="epochs">The run's length.</param>
    /// <param name="shares">How much of the sparsity each epoch begins with.</param>
    [Theory]
    [InlineData(1, new double[] { 1 })]
    [InlineData(2, new double[] { 0, 1 })]
    [InlineData(3, new double[] { 0, 1, 1 })]
    [InlineData(4, new double[] { 0, 0.875, 1, 1 })]
    public void A_short_run_begins_dense_where_it_has_another_epoch(int epochs, double[] shares)
    {
        using var task = new StripesTask("{ name: magnitude-pruning, sparsity: 0.5 }", epochs);
        var method = (MagnitudePruning)task.Method;
        Assert.Equal(shares, Enumerable.Range(0, epochs).Select(method.Share));
        // None is kept before all weights that are to go have gone.
        Assert.Equal(Array.IndexOf(shares, 1.0), method.FirstKept(epochs));
    }
}
