using AuditKit.Models.Onnx;
using AuditKit.Training.Graphs;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Graphs;

/// <summary>What batch norm and dropout do while training.</summary>
public sealed class GraphTrainingModeTests : IDisposable
{
    private readonly DisposeScope _scope = torch.NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Batch_norm_in_training_mode_equals_a_slow_reference()
    {
        const double Epsilon = 1e-3f;
        const double Momentum = 0.7f;
        var graph = new Graph("norm");
        graph.Input("x", "n", 2, 3);
        graph.Initializer("scale", TensorValue.Of([2f, 0.5f], 2));
        graph.Initializer("bias", TensorValue.Of([-1f, 3f], 2));
        graph.Initializer("mean", TensorValue.Of([0.25f, -4f], 2));
        graph.Initializer("var", TensorValue.Of([1.5f, 9f], 2));
        graph.Output(graph.Add(
            "BatchNormalization", ["x", "scale", "bias", "mean", "var"], "y", ("epsilon", (float)Epsilon), ("momentum", (float)Momentum)));
        float[] x = [.. Enumerable.Range(0, 4 * 2 * 3).Select(i => MathF.Sin(i) * 3)];

        using var module = new GraphModule(graph) { Training = true };
        Assert.Equal(["mean", "var"], module.Buffers.Keys);
        double[] y = module.Forward(TensorValue.Of(x, 4, 2, 3).ToTensor()).ToDoubles();
        module.WriteBack();
        for (int channel = 0; channel < 2; channel++)
        {
            int[] places = [.. Enumerable.Range(0, x.Length).Where(i => i / 3 % 2 == channel)];
            double mean = places.Average(i => x[i]);
            double variance = places.Average(i => Math.Pow(x[i] - mean, 2));
            (double scale, double bias) = channel == 0 ? (2, -1) : (0.5, 3);
            foreach (int i in places)
            {
                Assert.Equal((scale * (x[i] - mean) / Math.Sqrt(variance + Epsilon)) + bias, y[i], 1e-5);
            }

            // The running variance is the unbiased one, as every framework that trains batch norm has it.
            (double oldMean, double oldVariance) = channel == 0 ? (0.25, 1.5) : (-4, 9);
            double unbiased = variance * places.Length / (places.Length - 1);
            Assert.Equal((Momentum * oldMean) + ((1 - Momentum) * mean), graph.Initializers["mean"].As<float>()[channel], 1e-5);
            Assert.Equal((Momentum * oldVariance) + ((1 - Momentum) * unbiased), graph.Initializers["var"].As<float>()[channel], 1e-5);
        }

        module.Training = false;
        double[] first = module.Forward(TensorValue.Of(x, 4, 2, 3).ToTensor()).ToDoubles();
        double[] second = module.Forward(TensorValue.Of(x, 4, 2, 3).ToTensor()).ToDoubles();
        Assert.Equal(first, second);
        Assert.Equal(
            (2 * (x[0] - graph.Initializers["mean"].As<float>()[0]) / Math.Sqrt(graph.Initializers["var"].As<float>()[0] + Epsilon)) - 1,
            first[0],
            1e-5);
    }

    [Fact]
    public void Dropout_drops_and_rescales_only_while_training()
    {
        var graph = new Graph("dropout");
        graph.Input("x", "n");
        graph.Initializer("ratio", TensorValue.Of([0.25f]));
        graph.Output(graph.Add("Dropout", ["x", "ratio"], "y"));
        using var module = new GraphModule(graph);
        Tensor x = torch.ones(100_000);
        Assert.All(module.Forward(x).ToDoubles(), value => Assert.Equal(1, value));
        module.Training = true;
        torch.manual_seed(7);
        double[] dropped = module.Forward(x).ToDoubles();
        Assert.Equal([0, 1 / 0.75], dropped.Distinct().Order().Select(value => Math.Round(value, 6)), (a, b) => Math.Abs(a - b) < 1e-5);
        // Five standard deviations of a mean of 100,000 Bernoulli draws.
        Assert.Equal(0.25, dropped.Count(value => value == 0) / 100_000.0, 0.007);
        Assert.Empty(module.Parameters);
    }
}
