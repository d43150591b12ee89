using AuditKit.Checks.Weights;
using AuditKit.Models;
using AuditKit.Training.Graphs;
using AuditKit.Training.Loop;
using AuditKit.Training.Remedies.Regularisers;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Remedies.Regularisers;

public sealed class WeightPenaltyTests
{
    [Theory]
    [InlineData("{ name: frame, weight: 0.3, lower: 0.9, upper: 1.1 }")]
    [InlineData("{ name: mhe, weight: 0.3, s: 1, half-space: true }")]
    [InlineData("{ name: soft-orthogonality, weight: 0.3 }")]
    [InlineData("{ name: orthogonal-convolution, weight: 0.3 }")]
    public void The_loss_is_the_cross_entropy_and_the_weighted_sum_over_all_layers(string method)
    {
        using DisposeScope scope = NewDisposeScope();
        using var task = new StripesTask(method);
        Batch batch = task.Batch();
        TrainingStep step = task.Step(batch);
        IReadOnlyList<LinearLayer> layers = LinearLayer.Find(task.Network);
        // The stem, three blocks of two convolutions, and the dense layer.
        Assert.Equal(8, layers.Count);
        double expected = nn.functional.cross_entropy(step.Logits(step.Images()), step.Labels).item<float>()
            + (0.3 * layers.Sum(layer => Penalty(method, layer).item<float>()));

        Tensor loss = task.Method.Loss(task.Step(batch));
        loss.backward();

        Assert.Equal(expected, loss.item<float>(), 1e-5 * expected);
        Assert.All(task.Network.Parameters.Values, parameter => Assert.True(parameter.grad is { } gradient && gradient.abs().sum().item<float>() >= 0));
    }

    [Fact]
    public void Srip_goes_on_with_its_directions_after_a_kill()
    {
        const string Method = "{ name: srip, weight: 0.01 }";
        using var unbroken = new StripesTask(Method, epochs: 3);
        Trainer whole = unbroken.Train();

        using var broken = new StripesTask(Method, epochs: 3);
        broken.TrainAndKill(epoch: 2);
        using var resumed = new StripesTask(Method, epochs: 3);
        Trainer rest = resumed.Train(broken.Checkpoint);

        Assert.Equal(whole.History, rest.History);
        Assert.Equal(
            unbroken.Method.State.SelectMany(direction => direction.data<float>()), resumed.Method.State.SelectMany(direction => direction.data<float>()));
    }

    [Fact]
    public void The_report_has_the_weights_checks_figures_without_borders_before_and_after_training()
    {
        using var task = new StripesTask("{ name: frame, weight: 0.0005, lower: 0.5, upper: 1.5 }", epochs: 1);
        IReadOnlyList<WeightLayer> before = LinearLayers.Find(ClassifierGraph.Of(task.Network.Graph)).Layers;
        task.Train();
        string[] report = task.Method.Report("").Split('\n');
        IReadOnlyList<WeightLayer> after = LinearLayers.Find(ClassifierGraph.Of(task.Network.Graph)).Layers;

        foreach ((WeightLayer start, WeightLayer end) in before.Zip(after))
        {
            string row = Assert.Single(report, line => line.StartsWith($"| `{start.Name}` |", StringComparison.Ordinal));
            string[] cells = row.Split('|', StringSplitOptions.TrimEntries);
            Assert.Equal(start.PeriodicBounds(1, default).B.ToString("G3"), cells[5]);
            Assert.Equal(end.PeriodicBounds(1, default).B.ToString("G3"), cells[8]);
            Assert.NotEqual(cells[5], cells[8]);
        }

        // Two logits from 64 features, and convolutions of stride 2 that double the channels, have fewer rows than columns.
        string wide = Assert.Single(report, line => line.Contains("V = WWᵀ for the layers", StringComparison.Ordinal));
        Assert.All(LinearLayer.Find(task.Network), layer => Assert.Equal(layer.IsWide, wide.Contains($"`{layer.Name}`", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_weight_that_blows_the_loss_up_stops_the_run_and_says_where()
    {
        using var task = new StripesTask("{ name: soft-orthogonality, weight: 1000 }");

        var error = Assert.Throws<TrainingDivergedException>(() => task.Train());

        Assert.Matches("the training loss became (NaN|Infinity|∞) in epoch 1, step [0-9]+", error.Message);
        Assert.Equal(ExitCode.Error, error.ExitCode);
    }

    [Theory]
    [InlineData("{ name: frame, weight: 1, lower: 1, uper: 2 }", "Did you mean 'uper'|'method.upper' is missing")]
    [InlineData("{ name: frame, weight: 1, lower: 2, upper: 1 }", "'upper' (B) must be at least 'lower' (A), 2.")]
    [InlineData("{ name: mhe, weight: 1, halfspace: true }", "unknown key 'halfspace' in 'method'. Did you mean 'half-space'?")]
    [InlineData("{ name: mhe, weight: 1, s: 3 }", "'method.s' must be between 0 and 2, not 3.")]
    [InlineData("{ name: srip, wieght: 1 }", "'method.weight' is missing.")]
    [InlineData("{ name: soft-orthogonality, weight: 1, gamma: 2 }", "unknown key 'gamma'")]
    [InlineData("{ name: orthogonal-convolution, weight: -1 }", "'method.weight' must be between 0 and")]
    [InlineData("{ name: fraem, weight: 1 }", "Did you mean 'frame'?")]
    public void What_a_method_does_not_have_is_named(string method, string message)
    {
        var error = Assert.Throws<AuditException>(() => new StripesTask(method));

        Assert.Contains(message.Split('|'), part => error.Message.Contains(part, StringComparison.Ordinal));
        Assert.Matches(@"recipe\.yaml:9:\d+: ", error.Message);
    }

    private static Tensor Penalty(string method, LinearLayer layer)
        => method.Contains("frame", StringComparison.Ordinal) ? Frame.Penalty(layer, 0.9, 1.1)
        : method.Contains("mhe", StringComparison.Ordinal) ? HypersphericalEnergy.Penalty(layer, 1, halfSpace: true)
        : method.Contains("soft", StringComparison.Ordinal) ? SoftOrthogonality.Norm(layer)
        : OrthogonalConvolution.Norm(layer);
}
