using AuditKit.Training.Graphs;
using AuditKit.Training.Loop;
using AuditKit.Training.Remedies.Sparse;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Remedies.Sparse;

public sealed class SoftWeightSharingTests
{
    private const string Adam = "{ name: adam, rate: 0.01 }";

    private static readonly double[] s_means = [0, -0.4, 0.1, 0.5], s_deviations = [0.05, 0.1, 0.02, 0.3], s_shares = [0.9, 0.05, 0.03, 0.02];
    private static readonly double[] s_weights = [-0.5, -0.38, -0.01, 0, 0.04, 0.11, 0.6, 1.2];

    [Fact]
    public void The_density_is_that_of_loops_and_its_gradient_the_difference_quotient()
    {
        using DisposeScope scope = NewDisposeScope();
        double[] expected = [.. s_weights.Select(w => Math.Log(Enumerable.Range(0, 4).Sum(j => s_shares[j] * Density(w, s_means[j], s_deviations[j]))))];

        Assert.All(expected.Zip(s_weights), pair => Assert.Equal(pair.First, Mixture().LogLikelihood(Doubles([pair.Second])).item<double>(), 1e-9));
        FiniteDifferences.AgreeWithAutograd(Mixture().LogLikelihood, Doubles(s_weights));
        FiniteDifferences.AgreeWithAutograd(means => (Mixture() with { Means = means }).LogLikelihood(Doubles(s_weights)), Doubles(s_means));
        FiniteDifferences.AgreeWithAutograd(
            precisions => (Mixture() with { LogPrecisions = precisions }).LogLikelihood(Doubles(s_weights)), Mixture().LogPrecisions);
        FiniteDifferences.AgreeWithAutograd(shares => (Mixture() with { LogShares = shares }).LogLikelihood(Doubles(s_weights)), Mixture().LogShares);
    }

    [Fact]
    public void Many_weights_have_the_sum_and_the_gradient_that_autograd_gives()
    {
        using DisposeScope scope = NewDisposeScope();
        GaussianMixture mixture = Mixture();
        Tensor weights = linspace(-1, 1, 40_000, ScalarType.Float64).requires_grad_(), same = weights.detach().clone().requires_grad_();
        Tensor slow = mixture.LogJoint(same).logsumexp(0).sum(), fast = mixture.LogLikelihood(weights);
        slow.backward();
        fast.backward();
        Assert.Equal(slow.item<double>(), fast.item<double>(), 1e-6);
        Assert.Equal(0, (same.grad! - weights.grad!).abs().max().item<double>(), 1e-9);
    }

    // More than two chunks, the last of them not full.
    [Fact]
    public void Many_weights_belong_to_the_components_that_each_of_them_does()
    {
        using DisposeScope scope = NewDisposeScope();
        GaussianMixture mixture = Mixture();
        Tensor weights = linspace(-1, 1, 40_000, ScalarType.Float64);
        long[] likeliest = mixture.Likeliest(weights).ToLongs();
        Assert.Equal(mixture.LogJoint(weights).argmax(0).ToLongs(), likeliest);
        Assert.InRange(likeliest.Distinct().Count(), 2, 4);
    }

    [Fact]
    public void In_32_bits_the_density_is_still_right_where_it_is_sharp()
    {
        using DisposeScope scope = NewDisposeScope();
        GaussianMixture sharp = Mixture() with { LogPrecisions = full([4], Math.Log(1e5), ScalarType.Float64) };
        GaussianMixture single = new(sharp.Means.to(ScalarType.Float32), sharp.LogPrecisions.to(ScalarType.Float32), sharp.LogShares.to(ScalarType.Float32));
        Assert.All(
            s_weights,
            weight => Assert.Equal(
                sharp.LogLikelihood(Doubles([weight])).item<double>(), single.LogLikelihood(tensor([(float)weight])).item<float>(), 0.02));
    }

    [Fact]
    public void Components_that_say_the_same_are_joined_and_those_that_join_zero_are_zero()
    {
        using DisposeScope scope = NewDisposeScope();
        double[] means = [0, 0.01, 0.5, 0.52, -0.3];
        var mixture = new GaussianMixture(Doubles(means), Doubles([.. means.Select(_ => -2 * Math.Log(0.05))]), Doubles([-0.1, -3, -3, -3, -3]));
        double[] joined = mixture.JoinedMeans();
        Assert.Equal([0, 0], joined[..2]);
        Assert.Equal(0.51, joined[2], 1e-9);
        Assert.Equal(joined[2], joined[3]);
        Assert.Equal(-0.3, joined[4], 1e-9);
    }

    [Fact]
    public void The_prior_begins_over_the_weights_range_and_every_weight_becomes_one_of_few_values()
    {
        using DisposeScope scope = NewDisposeScope();
        using var task = new StripesTask(
            "{ name: soft-weight-sharing, from: 0.5, components: 4, weight: 0.01 }", epochs: 2, optimiser: Adam);
        Trainer trainer = task.Train();
        HashSet<double> values = [.. ((SoftWeightSharing)task.Method).Mixture().JoinedMeans().Select(value => (double)(float)value)];
        double[] weights = [.. LinearLayer.Find(task.Network).SelectMany(layer => layer.Weights.data<float>()).Select(weight => (double)weight)];
        Assert.InRange(values.Count, 2, 5);
        Assert.Contains(0, weights);
        Assert.All(weights.Distinct(), weight => Assert.Contains(weight, values));

        // What quantising cost is kept, and told: the accuracy with the values that weights have now is the one that the epoch was kept for.
        float[] quantising = [.. task.Method.State[0].data<float>()];
        Assert.Equal(trainer.History[^1].Validation.Accuracy, quantising[1], 1e-6);
        Assert.InRange(quantising[2], 1e-3, 10);
        Assert.Contains("before weights become these values", task.Method.Report(""));
    }

    [Fact]
    public void A_single_large_weight_does_not_set_where_components_begin()
    {
        using DisposeScope scope = NewDisposeScope();
        double small = Range(1), large = Range(100);
        Assert.Equal(small, large, 1e-6);

        double Range(float factor)
        {
            using var task = new StripesTask(
                "{ name: soft-weight-sharing, from: 0, components: 3 }", epochs: 1, optimiser: Adam);
            using (no_grad())
            {
                LinearLayer layer = LinearLayer.Find(task.Network)[0];
                layer.Weights.view(-1)[layer.Weights.abs().argmax().item<long>()].mul_(factor);
            }

            task.Method.Loss(task.Step(task.Batch()));
            return ((SoftWeightSharing)task.Method).Mixture().Means.max().item<float>();
        }
    }

    [Fact]
    public void Another_optimiser_than_Adam_is_refused_before_training()
    {
        using var tiny = new TinyTask((0, "a"), (1, "a"));
        Assert.Contains("adam or adamw", Assert.Throws<AuditException>(() => tiny.Method("{ name: soft-weight-sharing }")).Message);
    }

    [Fact]
    public void The_losss_gradient_is_its_difference_quotient()
    {
        using var tiny = new TinyTask((0, "a"), (1, "a"), (0, "b"), (1, "b"));
        using TrainingMethod method = tiny.Method("{ name: soft-weight-sharing, from: 0, weight: 0.001, components: 3 }", optimiser: Adam);
        Tensor Loss() => method.Loss(tiny.Step([0, 1, 2, 3]));
        using (NewDisposeScope())
        {
            Loss();
        }

        Assert.All([.. tiny.Network.Parameters.Values, .. method.Parameters], parameter =>
        {
            float[] differences = TinyTask.Differences(parameter, Loss);
            TinyTask.AssertClose(differences, TinyTask.Gradient(parameter, Loss), 5e-3 * Math.Max(1, differences.Max(Math.Abs)));
        });
    }

    private static double Density(double w, double mean, double deviation)
        => Math.Exp(-(w - mean) * (w - mean) / (2 * deviation * deviation)) / (deviation * Math.Sqrt(2 * Math.PI));

    private static GaussianMixture Mixture() => new(
        Doubles(s_means),
        Doubles([.. s_deviations.Select(deviation => -2 * Math.Log(deviation))]),
        Doubles([.. s_shares.Select(share => Math.Log(share))]));

    private static Tensor Doubles(double[] values) => tensor(values, ScalarType.Float64);
}
