using AuditKit.Statistics;

namespace AuditKit.Tests.Statistics;

public sealed class SoftmaxTests
{
    [Fact]
    public void The_largest_logit_is_predicted_and_the_lowest_index_at_a_tie()
    {
        Assert.Equal(2, Softmax.Predict([-3, 1, 2]));
        Assert.Equal(1, Softmax.Predict([-3, 2, 2, 1]));
        Assert.Equal(0, Softmax.Predict([float.MinValue]));
    }

    [Fact]
    public void Probabilities_are_those_of_the_formula()
    {
        Assert.Equal(Math.Exp(1) / (Math.Exp(1) + Math.Exp(2) + Math.Exp(-1)), Softmax.Probability([1, 2, -1], 0), 1e-15);
        Assert.Equal(1, Enumerable.Range(0, 3).Sum(k => Softmax.Probability([1, 2, -1], k)), 1e-15);
    }

    [Fact]
    public void Large_logits_do_not_overflow_and_small_differences_near_1_are_kept()
    {
        Assert.Equal(0.5, Softmax.Probability([3e38f, 3e38f], 1), 1e-15);
        Assert.Equal(0, Softmax.Probability([-3e38f, 3e38f], 0));
        Assert.True(Softmax.Probability([25, 0], 0) < Softmax.Probability([26, 0], 0));
    }
}
