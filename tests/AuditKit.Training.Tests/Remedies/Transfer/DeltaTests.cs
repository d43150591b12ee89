using AuditKit.Imaging;
using AuditKit.Models.Architectures;
using AuditKit.Models.Onnx;
using AuditKit.Statistics;
using AuditKit.Training.Graphs;
using AuditKit.Training.Loop;
using AuditKit.Training.Remedies.Transfer;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Remedies.Transfer;

public sealed class DeltaTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void The_loss_is_the_cross_entropy_the_feature_maps_and_the_classifier()
    {
        int[] batch = [0, 1, 2, 3];
        using var tiny = new TinyTask((0, "left"), (1, "left"), (0, "right"), (1, "right"));
        using TrainingMethod delta = tiny.Method("{ name: delta, beta: 0.5, alpha: 0.2, layers: [embedding] }");
        double[][] starts = [.. batch.Select(image => TinyTask.Embedding(tiny.Pixels(image)))];
        using (no_grad())
        {
            tiny.Network.Parameters["hidden.weight"].add_(0.2);
        }

        TrainingStep step = tiny.Step(batch);
        Tensor[] values = tiny.Network.Run(step.Normalise(step.Images()), "logits", "embedding");
        double expected = nn.functional.cross_entropy(values[0], step.Labels).item<float>();
        float[] embeddings = [.. values[1].data<float>()];
        for (int i = 0; i < batch.Length; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                expected += 0.25 * Math.Pow(embeddings[(i * 3) + j] - starts[i][j], 2);
            }
        }

        expected += 0.1 * tiny.Network.Parameters["head.weight"].data<float>().ToArray().Sum(weight => (double)weight * weight);
        Tensor Loss() => delta.Loss(tiny.Step(batch));
        Assert.Equal(expected, Loss().item<float>(), 1e-5);
        foreach (Tensor parameter in tiny.Network.Parameters.Values)
        {
            TinyTask.AssertClose(TinyTask.Differences(parameter, Loss), TinyTask.Gradient(parameter, Loss), 1e-3);
        }
    }

    [Fact]
    public void A_layer_that_the_network_lacks_is_named_with_what_comes_near()
    {
        using var tiny = new TinyTask((0, "left"), (1, "left"));
        Assert.Contains(
            "method.layers: nothing gives the value 'embeding' in the network. Did you mean 'embedding'?",
            Assert.Throws<AuditException>(() => tiny.Method("{ name: delta, beta: 1, layers: [embeding] }")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void At_the_start_it_is_the_cross_entropy_in_half_precision_too()
    {
        int[] batch = [0, 1];
        using var tiny = new TinyTask((0, "left"), (1, "left"));
        tiny.Network.Precision = ScalarType.BFloat16;
        using TrainingMethod delta = tiny.Method("{ name: delta, beta: 1000000, alpha: 0, layers: [embedding] }");

        Assert.Equal(tiny.Step(batch).CrossEntropy().item<float>(), delta.Loss(tiny.Step(batch)).item<float>());
    }

    [Fact]
    public void Attention_weighs_every_channels_mean_square()
    {
        const int B = 2, C = 3, H = 2, W = 4;
        Tensor map = Draw(1, B, C, H, W), start = Draw(2, B, C, H, W);
        double[] weights = [0.5, 0.2, 0.3];
        double expected = 0;
        for (int i = 0; i < B; i++)
        {
            for (int c = 0; c < C; c++)
            {
                for (int y = 0; y < H; y++)
                {
                    for (int x = 0; x < W; x++)
                    {
                        expected += C * weights[c] * Math.Pow((map[i, c, y, x] - start[i, c, y, x]).item<double>(), 2) / (H * W);
                    }
                }
            }
        }

        Tensor attention = tensor(weights);
        Assert.Equal(expected, Delta.Distance(map, start, attention).item<double>(), 1e-9);
        FiniteDifferences.AgreeWithAutograd(moved => Delta.Distance(moved, start, attention), map);
        // All alike, 1/c each, is the plain form over the number of positions.
        Assert.Equal(
            Delta.Distance(map, start, null).item<double>() / (H * W), Delta.Distance(map, start, ones(3, ScalarType.Float64) / 3).item<double>(), 1e-9);
    }

    [Fact]
    public void A_channels_importance_is_the_rise_of_the_loss_without_it()
    {
        using var tiny = new TinyTask([.. Enumerable.Range(0, 12).Select(i => (i % 2, i < 6 ? "left" : "right"))]);
        double[] rises = Assert.Single(ChannelImportance.Rises(tiny.Task(), ["hidden"]));

        int[] images = [.. Enumerable.Range(0, 12)];
        float[][] embeddings = [.. images.Select(image => TinyTask.Embedding(tiny.Pixels(image)).Select(value => (float)value).ToArray())];
        LinearProbe probe = LinearProbe.Train(embeddings, [.. images.Select(image => image % 2)], 2);
        double whole = Loss(-1);
        Assert.Equal(3, rises.Length);
        for (int channel = 0; channel < 3; channel++)
        {
            Assert.Equal(Loss(channel) - whole, rises[channel], 1e-3);
        }

        // tanh(0) = 0: a channel that is cut before it is cut behind it, too.
        double Loss(int cut) => images.Average(image =>
        {
            float[] embedding = [.. embeddings[image].Select((value, j) => j == cut ? 0 : value)];
            double[] logits = [.. probe.Logits(embedding).Select(logit => (double)logit)];
            return Math.Log(logits.Sum(Math.Exp)) - logits[image % 2];
        });
    }

    [Fact]
    public void Weights_are_a_softmax_of_a_fifth_of_the_standard_score()
    {
        double[] weights = ChannelImportance.Weights([1, 2, 6]);
        double deviation = Math.Sqrt((4 + 1 + 9) / 3.0);
        double[] expected = [.. ((double[])[-2, -1, 3]).Select(difference => Math.Exp(difference / deviation / 5))];
        Assert.Equal([.. expected.Select(value => value / expected.Sum())], weights, (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal([0.5, 0.5], ChannelImportance.Weights([3, 3]));
    }

    [Fact]
    public void The_deepest_convolution_of_each_resolution_is_compared()
    {
        using var task = new StripesTask("{ name: delta, beta: 0.001, attention: true }", epochs: 1);
        // Three stages; the last block's second convolution, not the shortcut's.
        string report = task.Method.Report("");
        Assert.Equal(3, report.Split('`').Length / 2);
        Assert.DoesNotContain("shortcut", report, StringComparison.OrdinalIgnoreCase);
        double loss = task.Train().History[0].Loss;
        Assert.True(loss < 5, $"{loss}");
    }

    [Fact]
    public void A_residual_network_of_four_stages_has_four_feature_maps_and_not_the_first_convolution()
    {
        using var tiny = new TinyTask((0, "left"), (1, "right"));
        var input = new InputShape(3, 64, 64);
        using var network = new GraphModule(Architecture.Build("resnet18", input, 2, seed: 1));
        TrainingTask task = tiny.Task() with { Network = network, Transform = new InputTransform(input) };
        IReadOnlyList<string> layers = FeatureLayers.Find(task);
        Tensor[] maps = network.Run(zeros(1, 3, 64, 64), layers);
        Assert.Equal([64, 128, 256, 512], maps.Select(map => map.shape[1]));
        Assert.Equal([16, 8, 4, 2], maps.Select(map => map.shape[2]));
        Assert.All(layers, layer => Assert.Equal("BatchNormalization", network.Nodes.Single(node => node.Inputs.Contains(layer)).Type));
    }

    // Squeeze and excitation: two convolutions of the pooled map give what every channel is multiplied by.
    [Fact]
    public void Convolutions_that_weigh_channels_are_no_feature_maps()
    {
        var graph = new Graph("squeeze and excitation");
        graph.Input("input", "batch", 1, 8, 8);
        string x = graph.Add("Relu", [Convolution("input", "stem", 1, 4, 3)], "stem.act");
        x = graph.Add("Relu", [Convolution(x, "block", 4, 4, 3)], "block.act");
        string gates = graph.Add("GlobalAveragePool", [x], "squeezed");
        gates = graph.Add("Relu", [Convolution(gates, "squeeze", 4, 2, 1)], "squeeze.act");
        gates = graph.Add("Sigmoid", [Convolution(gates, "excite", 2, 4, 1)], "gates");
        x = graph.Add("Mul", [x, gates], "weighed");
        x = graph.Add("Relu", [Convolution(x, "last", 4, 4, 3, stride: 2)], "last.act");
        x = graph.Add("Flatten", [graph.Add("GlobalAveragePool", [x], "pool")], "embedding");
        graph.Output(graph.Add("Gemm", [x, Weights("fc", 2, 4)], "logits", ("transB", 1L)), "batch", 2);
        using var tiny = new TinyTask((0, "left"), (1, "right"));
        using var network = new GraphModule(graph);
        TrainingTask task = tiny.Task() with { Network = network, Transform = new InputTransform(new InputShape(1, 8, 8)) };

        Assert.Equal(["block", "last"], FeatureLayers.Find(task));

        string Convolution(string value, string name, int channels, int filters, int kernel, int stride = 1) => graph.Add(
            "Conv", [value, Weights($"{name}.weight", filters, channels, kernel, kernel)], name,
            ("pads", Enumerable.Repeat((long)(kernel / 2), 4).ToArray()), ("strides", new long[] { stride, stride }));

        string Weights(string name, params long[] shape) => graph.Initializer(name, Draw(name.Length, shape).to(ScalarType.Float32).ToValue());
    }

    [Theory]
    [InlineData("{ name: delta }", "no convolutions whose feature maps could be compared")]
    [InlineData("{ name: delta, layers: [hiden] }", "nothing gives the value 'hiden'")]
    [InlineData("{ name: delta, attention: true, layers: [logits] }", "'embedding' is not computed from the layer 'logits'")]
    public void What_has_no_feature_maps_is_said_before_training(string method, string message)
    {
        using var tiny = new TinyTask((0, "left"), (1, "right"));
        Assert.Contains(message, Assert.Throws<AuditException>(() => tiny.Method(method)).Message);
    }

    private static Tensor Draw(int key, params long[] shape)
    {
        using var generator = new Generator((ulong)key);
        return randn(shape, ScalarType.Float64, generator: generator);
    }
}
