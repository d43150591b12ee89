using AuditKit.Statistics;

namespace AuditKit.Tests.Statistics;

public sealed class LinearProbeTests
{
    [Fact]
    public void A_feature_of_two_values_gives_the_frequencies_that_were_seen()
    {
        // 80 of 100 at +1 and 30 of 100 at −1 are of class 1; the small penalty moves that by less than a hundredth.
        float[][] embeddings = [.. Enumerable.Range(0, 200).Select(i => new[] { i < 100 ? 1f : -1f })];
        int[] labels = [.. Enumerable.Range(0, 200).Select(i => i is < 80 or (>= 100 and < 130) ? 1 : 0)];
        var probe = LinearProbe.Train(embeddings, labels, 2);
        Assert.Equal(0.8, Softmax.Probability(probe.Logits([1]), 1), 0.01);
        Assert.Equal(0.3, Softmax.Probability(probe.Logits([-1]), 1), 0.01);
    }

    [Fact]
    public void Classes_that_a_plane_tells_apart_are_told_apart()
    {
        var random = CounterRandom.For(3, "probe", 0);
        float[][] embeddings = [.. Enumerable.Range(0, 300).Select(_ => new[] { (float)random.NextNormal(), (float)random.NextNormal(), 7f })];
        int[] labels = [.. embeddings.Select(e => e[0] > e[1] + 0.2 ? 0 : e[0] < e[1] - 0.2 ? 1 : 2)];
        var probe = LinearProbe.Train(embeddings, labels, 3);
        int right = embeddings.Zip(labels).Count(pair => Softmax.Predict(probe.Logits(pair.First)) == pair.Second);
        Assert.InRange(right, 285, 300);
    }

    [Fact]
    public void An_embedding_that_says_nothing_gives_the_share_of_each_class()
    {
        var probe = LinearProbe.Train([.. Enumerable.Repeat(new[] { 5f, 5f }, 40)], [.. Enumerable.Range(0, 40).Select(i => i < 30 ? 0 : 1)], 2);
        Assert.Equal(0.75, Softmax.Probability(probe.Logits([5, 5]), 0), 1e-3);
    }
}
