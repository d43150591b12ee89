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

    [Theory]
    [InlineData(0.9, 1)]
    [InlineData(0, 0)]
    [InlineData(1, 2)]
    public void Of_settings_the_best_by_the_same_rule_is_kept_and_at_a_tie_the_first(double floor, int expected)
    {
        ValidationScore[] scores = [new(0.8, 0.7), new(0.93, 0.6), new(0.95, 0.2), new(0.93, 0.6), new(0.8, 0.7), new(0.95, 0.2)];
        Assert.Equal(expected, new ModelSelection(floor).Best(scores));
        Assert.Equal(0, new ModelSelection(floor).Best(scores[..1]));
    }

    [Fact]
    public void A_named_hard_group_goes_before_the_worst_one()
    {
        var selection = new ModelSelection(0.9, "class = b");
        Assert.True(selection.Prefers(new ValidationScore(0.95, 0.1, 0.7), new ValidationScore(0.95, 0.5, 0.6)));
        Assert.False(selection.Prefers(new ValidationScore(0.95, 0.5, 0.6), new ValidationScore(0.95, 0.1, 0.7)));
        Assert.False(selection.Prefers(new ValidationScore(0.92, 0.5, 0.7), new ValidationScore(0.95, 0.1, 0.7)));
    }
}
