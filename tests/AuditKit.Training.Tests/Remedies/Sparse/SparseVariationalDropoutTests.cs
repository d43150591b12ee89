using AuditKit.Training.Graphs;
using AuditKit.Training.Loop;
using AuditKit.Training.Remedies.Sparse;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace AuditKit.Training.Tests.Remedies.Sparse;

public sealed class SparseVariationalDropoutTests
{
    private const int TrainingImages = 16;

    private static readonly int[] s_batch = [0, 3, 6, 9];
    private static readonly string[] s_layers = ["hidden.weight", "head.weight"];

    [Fact]
    public void The_losss_gradient_is_its_difference_quotient_for_means_and_variances()
    {
        using var tiny = new TinyTask((0, "a"), (1, "a"), (0, "b"), (1, "b"));
        using TrainingMethod method = tiny.Method("{ name: sparse-variational-dropout, log-variance: -2, warm-up: 0 }");
        // The noise goes by the step alone.
        Tensor Loss() => method.Loss(tiny.Step([0, 1, 2, 3]));

        Assert.All([.. tiny.Network.Parameters.Values, .. method.Parameters], parameter
            => TinyTask.AssertClose(TinyTask.Differences(parameter, Loss), TinyTask.Gradient(parameter, Loss), 2e-3));
    }

    [Fact]
    public void A_drawn_output_has_the_moments_of_one_made_by_drawn_weights_image_by_image()
    {
        const int Draws = 3000;
        using DisposeScope scope = NewDisposeScope();
        using var task = new StripesTask("{ name: sparse-variational-dropout, log-variance: -3 }");
        task.Network.Training = true;
        using IDisposable gradients = no_grad();
        manual_seed(2);
        Tensor image = rand(1, 1, 8, 8);
        Tensor weights = task.Network.Parameters["stem.conv.weight"];

        Tensor drawn = task.Network.Run(image.expand(Draws, 1, 8, 8), "stem.conv")[0];
        double deviation = Math.Exp(-1.5);
        Tensor reference = cat([.. Enumerable.Range(0, Draws).Select(_ => F.conv2d(image, weights + (deviation * randn_like(weights)), null, [1, 1], [1, 1]))]);

        // Standard errors of a mean and of a variance of 3,000 draws, over 1,024 places.
        double scale = reference.std(0).mean().item<float>();
        Assert.InRange((drawn.mean([0]) - reference.mean([0])).abs().max().item<float>(), 0, 6 * 1.4 * scale / Math.Sqrt(Draws));
        Assert.InRange(((drawn.var(0) / reference.var(0)) - 1).abs().max().item<float>(), 0, 6 * 2 / Math.Sqrt(Draws));
        // Images are drawn apart: neighbours in the batch do not go together.
        Tensor centred = drawn - drawn.mean([0], keepdim: true);
        Assert.InRange((centred[..^1] * centred[1..]).mean([0]).abs().max().item<float>(), 0, 6 * scale * scale * 1.5 / Math.Sqrt(Draws));
    }

    [Fact]
    public void Weights_above_the_threshold_are_dropped_and_the_others_keep_their_means()
    {
        using DisposeScope scope = NewDisposeScope();
        using var tiny = new TinyTask((0, "a"), (1, "a"));
        using TrainingMethod method = tiny.Method("{ name: sparse-variational-dropout }");
        Tensor weights = tiny.Network.Parameters["hidden.weight"];
        float[] before = [.. weights.data<float>()];
        using (no_grad())
        {
            // Every second weight just above the threshold of 3, the others just below.
            double[] logVariances = [.. before.Select((w, i) => Math.Log((w * w) + 1e-8) + (i % 2 == 0 ? 3.001 : 2.999))];
            method.Parameters[0].copy_(tensor(logVariances, ScalarType.Float32).reshape(weights.shape));
        }

        method.Release();

        Assert.Equal(before.Select((w, i) => i % 2 == 0 ? 0 : w), weights.data<float>());
    }

    [Fact]
    public void What_is_validated_and_kept_is_the_sparse_network_of_the_last_epoch()
    {
        // Nothing is above this threshold at first, and everything below none.
        using var task = new StripesTask("{ name: sparse-variational-dropout, threshold: -8, log-variance: 0 }", epochs: 3);

        var trainer = task.Train();

        Assert.All(trainer.History, epoch => Assert.Equal(0.5, epoch.Accuracy));
        Assert.Equal(2, trainer.BestEpoch);
        Assert.All(LinearLayer.Find(task.Network), layer => Assert.Equal(0, layer.Weights.count_nonzero().item<long>()));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.25, 1)]
    [InlineData(0.5, 2)]
    [InlineData(0.9, 2)]
    public void The_weight_of_the_divergence_rises_over_the_warm_up(double progress, double weight)
    {
        using var task = new StripesTask("{ name: sparse-variational-dropout, weight: 2, warm-up: 5 }", epochs: 10);
        Assert.Equal(weight, ((SparseVariationalDropout)task.Method).Weight(progress));
    }

    [Fact]
    public void The_loss_is_the_cross_entropy_and_the_weighted_divergence_by_all_training_images()
    {
        // With nearly no variance an output is its mean, give or take the 1e-4 that keep its root's gradient finite.
        using DisposeScope scope = NewDisposeScope();
        using TinyTask tiny = Sixteen();
        using TrainingMethod method = tiny.Method("{ name: sparse-variational-dropout, log-variance: -30, weight: 0.5, warm-up: 0 }");
        double crossEntropy = 0, divergence = 0;
        foreach (int image in s_batch)
        {
            crossEntropy -= Math.Log(TinyTask.Probabilities(TinyTask.Logits(tiny.Pixels(image)))[image % 2]) / s_batch.Length;
        }

        foreach (string name in s_layers)
        {
            float[] means = [.. tiny.Network.Parameters[name].data<float>()];
            divergence += Divergence(means, [.. means.Select(_ => -30.0)]);
        }

        Assert.Equal(crossEntropy + (0.5 * divergence / TrainingImages), method.Loss(tiny.Step(s_batch)).item<float>(), 1e-3);
    }

    [Fact]
    public void In_the_loss_every_weight_has_the_divergence_of_its_own_mean_and_variance()
    {
        // Of black pixels the network knows nothing, whatever its weights are: their cross-entropy is log 2.
        using DisposeScope scope = NewDisposeScope();
        using TinyTask tiny = Sixteen();
        using TrainingMethod method = tiny.Method("{ name: sparse-variational-dropout, weight: 10, warm-up: 0 }");
        double divergence = 0;
        foreach ((int layer, string name) in s_layers.Index())
        {
            // log α from −10, which is below the bound, upwards.
            float[] means = [.. tiny.Network.Parameters[name].data<float>()];
            double[] logVariances = [.. means.Select((mean, i) => Math.Log((mean * mean) + 1e-8) - 10 + (1.5 * i))];
            divergence += Divergence(means, logVariances);
            using IDisposable gradients = no_grad();
            method.Parameters[layer].copy_(tensor(logVariances, ScalarType.Float32).reshape(method.Parameters[layer].shape));
        }

        double loss = method.Loss(tiny.Step(s_batch, pixels: new float[4 * s_batch.Length])).item<float>();

        Assert.Equal(Math.Log(2) + (10 * divergence / TrainingImages), loss, 2e-3);
    }

    [Theory]
    [InlineData(false, 1, 18)]
    [InlineData(true, 0, 0)]
    public void It_keeps_weights_for_a_pattern_and_none_for_random_labels(bool isRandom, int fewest, int most)
    {
        const int Images = 256, Steps = 600;
        CounterRandom random = CounterRandom.For(3, "labels", 0);
        // The pattern is the brightness of the first pixel, see TinyTask.
        (int, string)[] images = [.. Enumerable.Range(0, Images).Select(i => (isRandom ? random.NextInt32(2) : (31 + (53 * i)) % 256 / 128, "a"))];
        using var tiny = new TinyTask(images);
        using TrainingMethod method = tiny.Method("{ name: sparse-variational-dropout, log-variance: -4, warm-up: 0 }");
        using var optimiser = optim.Adam([.. tiny.Network.Parameters.Values, .. method.Parameters], 0.05);
        for (int i = 0; i < Steps; i++)
        {
            using DisposeScope scope = NewDisposeScope();
            optimiser.zero_grad();
            method.Loss(tiny.Step([.. Enumerable.Range(0, Images)], number: i)).backward();
            optimiser.step();
        }

        method.Release();
        Assert.InRange(tiny.Network.Parameters.Values.Sum(weights => weights.count_nonzero().item<long>()), fewest, most);
    }

    // Images of the classes 0 and 1 in turns.
    private static TinyTask Sixteen()
    {
        (int, string)[] images = [.. Enumerable.Range(0, TrainingImages).Select(i => (i % 2, "a"))];
        return new TinyTask(images);
    }

    // The paper's approximation of −KL (eq. 14) with its numbers, log α cut off at ±8.
    private static double Divergence(float[] means, double[] logVariances)
    {
        const double K1 = 0.63576, K2 = 1.87320, K3 = 1.48695;
        double sum = 0;
        for (int i = 0; i < means.Length; i++)
        {
            double logAlpha = Math.Clamp(logVariances[i] - Math.Log(((double)means[i] * means[i]) + 1e-8), -8, 8);
            sum -= (K1 / (1 + Math.Exp(-K2 - (K3 * logAlpha)))) - (0.5 * Math.Log(1 + Math.Exp(-logAlpha))) - K1;
        }

        return sum;
    }
}
