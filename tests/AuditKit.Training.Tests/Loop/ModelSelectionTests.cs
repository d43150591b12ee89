using AuditKit.Training.Loop;

namespace AuditKit.Training.Tests.Loop;

public sealed class ModelSelectionTests
{
    [Theory]
    [InlineData(0.95, 0.6, 0.92, 0.7, false)]
    [InlineData(0.95, 0.6, 0.92, 0.5, true)]
    [InlineData(0.89, 0.8, 0.91, 0.1, false)]
    [InlineData(0.89, 0.1, 0.88, 0.8, true)]
    [InlineData(0.95, 0.6, 0.92, 0.6, true)]
    [InlineData(0.92, 0.6, 0.95, 0.6, false)]
    [InlineData(0.92, 0.6, 0.92, 0.6, true)]
    [InlineData(0.5, 0.1, 0.5, 0.6, true)]
    public void Above_the_floor_the_best_worst_group_wins_then_the_higher_accuracy_then_the_later_epoch(
        double accuracy, double worst, double bestAccuracy, double bestWorst, bool preferred)
        => Assert.Equal(
            preferred,
            new ModelSelection(0.9).Prefers(new ValidationScore(accuracy, worst), new ValidationScore(bestAccuracy, bestWorst)));

    [Fact]
    public void A_named_hard_group_goes_before_the_worst_one()
    {
        var selection = new ModelSelection(0.9, "class = b");
        Assert.True(selection.Prefers(new ValidationScore(0.95, 0.1, 0.7), new ValidationScore(0.95, 0.5, 0.6)));
        Assert.False(selection.Prefers(new ValidationScore(0.95, 0.5, 0.6), new ValidationScore(0.95, 0.1, 0.7)));
        Assert.False(selection.Prefers(new ValidationScore(0.92, 0.5, 0.7), new ValidationScore(0.95, 0.1, 0.7)));
    }
}
