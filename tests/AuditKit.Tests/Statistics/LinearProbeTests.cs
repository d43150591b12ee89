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

    [Theory]
    [InlineData(1)]
    [InlineData(1e-6)]
    [InlineData(1e6)]
    public void At_the_minimum_the_mean_probability_of_a_class_is_its_share(double scale)
    {
        // The loss's derivative by a bias, which no penalty moves, is their difference.
        var random = CounterRandom.For(5, "probe", 0);
        int[] labels = [.. Enumerable.Range(0, 400).Select(i => i % 8 < 4 ? 0 : i % 8 < 7 ? 1 : 2)];
        float[][] embeddings = [.. labels.Select(label => new[] { (float)(scale * (random.NextNormal() + label)), (float)(scale * random.NextNormal()) })];
        var probe = LinearProbe.Train(embeddings, labels, 3);
        for (int k = 0; k < 3; k++)
        {
            Assert.Equal(labels.Count(label => label == k) / 400.0, embeddings.Average(embedding => Softmax.Probability(probe.Logits(embedding), k)), 1e-5);
        }
    }

    [Fact]
    public void Where_the_classes_are_balanced_and_nothing_tells_them_apart_the_start_is_the_minimum()
        => Assert.Equal([0f, 0f], LinearProbe.Train([[7f], [7f], [7f], [7f]], [0, 1, 0, 1], 2).Logits([7]));

    public static TheoryData<string, Func<double, (double Loss, double Slope)>> WithoutAMinimum => new()
    {
        { "no number", x => (double.NaN, double.NaN) },
        { "no number but at the start", x => x == 0 ? (0, -1) : (double.NaN, 0) },
        { "a slope that points upwards", x => (x * x, -1 - x) },
        { "a slope that never ends", x => (-x, -1) },
        { "steps", x => (-Math.Floor(10 * x), -1) },
    };

    [Theory]
    [MemberData(nameof(WithoutAMinimum), DisableDiscoveryEnumeration = true)]
    public void A_search_that_breaks_off_leaves_the_best_point_that_it_saw(string what, Func<double, (double Loss, double Slope)> loss)
    {
        var seen = new Dictionary<double, double> { [0] = double.PositiveInfinity };
        double found = Assert.Single(LinearProbe.Minimise(1, weights =>
        {
            (double value, double slope) = loss(weights[0]);
            seen[weights[0]] = double.IsNaN(value) ? double.PositiveInfinity : value;
            return (value, [slope]);
        }));
        Assert.True(seen[found] == seen.Values.Min(), what);
    }
}
