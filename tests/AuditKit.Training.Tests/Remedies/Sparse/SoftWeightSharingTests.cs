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
        GaussianMixture joined = mixture.Joined();
        Assert.Equal([0, 0.51, -0.3], joined.Means.data<double>().Select(mean => Math.Round(mean, 9)));
        // Of two normals of equal variance and share: theirs, and a quarter of the squared distance of their means.
        AssertClose([(0.05 * 0.05) + (0.01 * 0.01), 0.05 * 0.05], joined.LogPrecisions.exp().pow(-1)[1..]);
        AssertClose([Math.Exp(-0.1) + Math.Exp(-3), 2 * Math.Exp(-3), Math.Exp(-3)], joined.LogShares.exp());
        // A weight becomes a value of the mixture that has few of them, as each of these does in the one that has all.
        Assert.Equal([0, 1, 1, 2], joined.Likeliest(Doubles([0.01, 0.49, 0.53, -0.3])).ToLongs());
    }

    private static void AssertClose(double[] expected, Tensor actual)
        => Assert.Equal(expected, actual.data<double>(), (one, other) => Math.Abs(one - other) < 1e-9);

    /// <summary>A weight belongs to a component whose share has been learnt in pieces as it belongs to the whole.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public void A_component_that_is_divided_among_equal_ones_takes_the_same_weights(int pieces)
    {
        using DisposeScope scope = NewDisposeScope();
        double[] ones = [.. Enumerable.Repeat(0.1, pieces)];
        var mixture = new GaussianMixture(
            Doubles([0, .. ones]), full([pieces + 1], -2 * Math.Log(0.02), ScalarType.Float64),
            Doubles([Math.Log(0.99), .. ones.Select(_ => Math.Log(0.01 / pieces))]));
        GaussianMixture joined = mixture.Joined();
        // Where 0.99·exp(−w²/2σ²) is 0.01·exp(−(w − 0.1)²/2σ²).
        double boundary = 0.05 + (0.02 * 0.02 / 0.1 * Math.Log(0.99 / 0.01));
        Assert.Equal([0, 1], joined.Likeliest(Doubles([boundary - 1e-4, boundary + 1e-4])).ToLongs());
    }

    [Fact]
    public void The_prior_begins_over_the_weights_range_and_every_weight_becomes_one_of_few_values()
    {
        using DisposeScope scope = NewDisposeScope();
        using var task = new StripesTask(
            "{ name: soft-weight-sharing, from: 0.5, components: 4, weight: 0.01 }", epochs: 2, optimiser: Adam);
        Trainer trainer = task.Train();
        HashSet<double> values = [.. ((SoftWeightSharing)task.Method).Mixture().Joined().Means.data<float>().Select(value => (double)value)];
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

    [Fact]
    public void The_loss_is_the_cross_entropy_less_the_weighted_log_priors_of_weights_and_precisions_by_all_training_images()
    {
        const int Images = 16;
        const double Tau = 0.5, ZeroShare = 0.9;
        int[] batch = [0, 3, 6, 9];
        (int, string)[] images = [.. Enumerable.Range(0, Images).Select(i => (i % 2, "a"))];
        using DisposeScope scope = NewDisposeScope();
        using var tiny = new TinyTask(images);
        using TrainingMethod method = tiny.Method(
            "{ name: soft-weight-sharing, from: 0, weight: 0.5, components: 3, zero-share: 0.9 }", optimiser: Adam);

        // The first step spreads the components over the weights; then they go where every part of the prior shows.
        method.Loss(tiny.Step(batch));
        double[] means = [-0.4, 0.1, 0.7], precisions = [4, 25, 16, 9], shares = [0.02, 0.03, 0.05];
        using (no_grad())
        {
            // Means are learnt in fifths, logarithms of precisions and shares in sixfolds.
            method.Parameters[0].copy_(Doubles([.. means.Select(mean => mean / 0.2)]));
            method.Parameters[1].copy_(Doubles([.. precisions.Select(precision => Math.Log(precision) / 6)]));
            method.Parameters[2].copy_(Doubles([.. shares.Select(share => Math.Log(share) / 6)]));
        }

        double crossEntropy = 0, ofWeights = 0;
        foreach (int image in batch)
        {
            crossEntropy -= Math.Log(TinyTask.Probabilities(TinyTask.Logits(tiny.Pixels(image)))[image % 2]) / batch.Length;
        }

        foreach (float weight in tiny.Network.Parameters.Values.SelectMany(weights => weights.data<float>()))
        {
            double density = ZeroShare * Density(weight, 0, 1 / Math.Sqrt(precisions[0]));
            for (int j = 0; j < means.Length; j++)
            {
                density += shares[j] * Density(weight, means[j], 1 / Math.Sqrt(precisions[j + 1]));
            }

            ofWeights += Math.Log(density);
        }

        // The authors' gamma densities of shape a and rate b, b^a/Γ(a)·λ^(a−1)·e^(−bλ), without what does not depend on λ: a = 5000 and b = 2
        // for the component at zero, a = 250 and b = 0.1 for the others.
        double ofPrecisions = (4999 * Math.Log(precisions[0])) - (2 * precisions[0]);
        for (int j = 1; j < precisions.Length; j++)
        {
            ofPrecisions += (249 * Math.Log(precisions[j])) - (0.1 * precisions[j]);
        }

        double expected = crossEntropy - (Tau / Images * (ofWeights + ofPrecisions));
        Assert.Equal(expected, method.Loss(tiny.Step(batch)).item<float>(), 2e-3);
    }

    private static double Density(double w, double mean, double deviation)
        => Math.Exp(-(w - mean) * (w - mean) / (2 * deviation * deviation)) / (deviation * Math.Sqrt(2 * Math.PI));

    private static GaussianMixture Mixture() => new(
        Doubles(s_means),
        Doubles([.. s_deviations.Select(deviation => -2 * Math.Log(deviation))]),
        Doubles([.. s_shares.Select(share => Math.Log(share))]));

    private static Tensor Doubles(double[] values) => tensor(values, ScalarType.Float64);
}
