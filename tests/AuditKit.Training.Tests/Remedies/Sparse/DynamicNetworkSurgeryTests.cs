using AuditKit.Models.Onnx;
using AuditKit.Training.Graphs;
using AuditKit.Training.Loop;
using AuditKit.Training.Remedies.Sparse;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Remedies.Sparse;

public sealed class DynamicNetworkSurgeryTests
{
    [Fact]
    public void A_mask_is_cut_below_the_lower_threshold_spliced_above_the_upper_and_left_between()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor mask = tensor(new float[] { 1, 0, 1, 0, 1, 0, 1, 0 });
        Tensor weights = tensor(new float[] { 0.89f, -0.89f, -0.91f, 0.91f, 1.09f, -1.09f, 1.11f, -1.11f });
        Assert.Equal([0, 0, 1, 0, 1, 0, 1, 1], DynamicNetworkSurgery.Next(mask, weights, 1).data<float>());
    }

    [Fact]
    public void The_network_runs_without_what_is_cut_which_still_learns()
    {
        using DisposeScope scope = NewDisposeScope();
        using var tiny = new TinyTask((0, "a"), (1, "a"), (0, "b"), (1, "b"));
        using TrainingMethod method = tiny.Method("{ name: dynamic-network-surgery, deviations: 0, from: 0, until: 0.9 }");
        Tensor weights = tiny.Network.Parameters["hidden.weight"];
        float[] gradient = TinyTask.Gradient(weights, () => method.Loss(tiny.Step([0, 1, 2, 3])));
        float[] mask = [.. method.State[0].data<float>()];
        double mean = weights.abs().mean().item<float>();
        // Every mask is 1 at first, so that those in between stay.
        Assert.Equal(weights.data<float>().Select(w => Math.Abs(w) >= 0.9 * mean ? 1f : 0f), mask);
        Assert.Contains(0, mask);

        method.Release();
        tiny.Network.Hook = null;
        float[] differences = TinyTask.Differences(weights, () =>
        {
            TrainingStep step = tiny.Step([0, 1, 2, 3]);
            return nn.functional.cross_entropy(step.Logits(step.Images()), step.Labels);
        });
        TinyTask.AssertClose(differences, gradient, 1e-3);
        Assert.All(gradient.Zip(mask).Where(pair => pair.Second == 0), pair => Assert.NotEqual(0, pair.First));
    }

    // The deviation of one number over n − 1 is undefined, and no weight reaches a threshold that is.
    [Fact]
    public void A_layer_of_a_single_weight_keeps_it()
    {
        using DisposeScope scope = NewDisposeScope();
        var graph = new Graph("single");
        graph.Input("input", "batch", 1, 2, 2);
        graph.Initializer("single", TensorValue.Of([0.7f], 1, 1, 1, 1));
        graph.Initializer("head", TensorValue.Of([0.6f, -0.5f, 0.9f, -0.3f, 0.8f, 0.2f, -0.7f, 0.4f], 2, 4));
        graph.Add("Flatten", [graph.Add("Conv", ["input", "single"], "map")], "pixels");
        graph.Output(graph.Add("Gemm", ["pixels", "head"], "logits", ("transB", 1L)), "batch", 2);
        using var network = new GraphModule(graph) { Training = true };
        using var tiny = new TinyTask((0, "a"), (1, "a"));
        TrainingTask task = tiny.Task(method: "{ name: dynamic-network-surgery, deviations: 0.5, from: 0, until: 0 }") with { Network = network };
        using TrainingMethod method = task.Recipe.Method(task);

        var normalisation = new TensorNormalisation(task.Normalisation, CPU);
        method.Loss(new TrainingStep(network, tiny.Step([0, 1]).Batch, normalisation, seed: 7, number: 0, progress: 0));
        method.Release();

        Assert.Equal(1f, method.State[0].item<float>());
        Assert.Equal(0.7f, network.Parameters["single"].item<float>());
        // Surgery was done.
        Assert.Contains(0f, method.State[1].data<float>().ToArray());
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void The_card_says_where_no_epoch_has_trained_what_was_left_alone(int epochs, bool isSaid)
    {
        using var task = new StripesTask("{ name: dynamic-network-surgery, deviations: 1 }", epochs);
        Assert.Equal(isSaid, task.Method.Report("").Contains("Masks changed until the run's end", StringComparison.Ordinal));
    }

    // The authors' schedule: always at first, then ever more seldom.
    [Theory]
    [InlineData(0, 1)]
    [InlineData(10_000, 0.5)]
    [InlineData(90_000, 0.1)]
    public void Surgery_grows_rare_with_the_steps(double steps, double chance) => Assert.Equal(chance, DynamicNetworkSurgery.Chance(steps), 1e-12);

    [Fact]
    public void Masks_change_in_the_middle_of_the_run_alone()
    {
        using var task = new StripesTask("{ name: dynamic-network-surgery, deviations: 1, from: 0.4, until: 0.5 }", epochs: 5);
        Dictionary<string, float[]> masks = [];
        Trainer trainer = task.Train(watch: name => masks[name] = [.. task.Method.State.SkipLast(1).SelectMany(mask => mask.data<float>().ToArray())]);
        float[][] ofEpochs = [.. Enumerable.Range(1, 5).Select(epoch => masks[$"epoch {epoch} of 5"])];
        Assert.All(ofEpochs[..2], mask => Assert.DoesNotContain(0, mask));
        Assert.Contains(0, ofEpochs[2]);
        Assert.All(ofEpochs[3..], mask => Assert.Equal(ofEpochs[2], mask));
        Assert.InRange(trainer.BestEpoch!.Value, 2, 4);
        Assert.All(LinearLayer.Find(task.Network).Zip(task.Method.State), pair =>
        {
            Assert.InRange(pair.Second.mean().item<float>(), 0.02, 0.5);
            Assert.Equal(pair.Second.data<float>().Select(mask => mask == 0), pair.First.Weights.data<float>().Select(weight => weight == 0));
        });
    }
}
