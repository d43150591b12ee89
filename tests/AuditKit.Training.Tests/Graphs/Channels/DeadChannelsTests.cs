using AuditKit.Models;
using AuditKit.Models.Onnx;
using AuditKit.Training.Graphs.Channels;
using AuditKit.Training.Tests.Conformance;

namespace AuditKit.Training.Tests.Graphs.Channels;

public sealed class DeadChannelsTests
{
    private static readonly long[] s_images = [2, 3, 8, 8];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 24)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_random_residual_network_answers_the_same_without_them_on_both_engines(int seed)
    {
        Graph graph = new SparseNetwork(seed).Graph;
        Graph small = DeadChannels.Remove(graph, new ClassifierOptions());
        TensorValue images = Images(seed);

        TensorValue expected = Engines.RunOnnxRuntime(graph, images)[0];
        double scale = Math.Max(1, Engines.ToDoubles(expected).Max(Math.Abs));
        Assert.InRange(Engines.LargestDifference(expected, Engines.RunOnnxRuntime(small, images)[0]), 0, 1e-5 * scale);
        Assert.InRange(Engines.LargestDifference(expected, Engines.RunLibtorch(small, images)[0]), 0, 1e-5 * scale);
        Assert.InRange(Weights(small), 1, Weights(graph) - 1);
    }

    [Fact]
    public void A_filter_without_weights_goes_and_its_constant_moves_into_the_next_bias()
    {
        Graph graph = Chain(pad: 0, bias: 0.5f);
        Graph small = DeadChannels.Remove(graph, new ClassifierOptions());

        Assert.Equal([2, 3, 3, 3], small.Initializers["conv1.weight"].Dimensions.ToArray());
        Assert.Equal([4, 2, 3, 3], small.Initializers["conv2.weight"].Dimensions.ToArray());
        // 0.5 goes through the ReLU and meets nine weights of 1 in every filter of the second convolution.
        float[] bias = graph.Initializers["conv2.bias"].As<float>().ToArray();
        Assert.Equal(bias.Select(value => value + 4.5f), small.Initializers["conv2.bias"].As<float>().ToArray());
        AssertSame(graph, small);
    }

    [Fact]
    public void Behind_padding_a_filter_without_weights_stays_for_its_constant_and_goes_without_one()
    {
        Graph constant = Chain(pad: 1, bias: 0.5f);
        Assert.Same(constant, DeadChannels.Remove(constant, new ClassifierOptions()));

        // The ReLU makes 0 of a negative bias, and zeros look the same at the border as inside.
        Graph zero = Chain(pad: 1, bias: -0.5f);
        Graph small = DeadChannels.Remove(zero, new ClassifierOptions());
        Assert.Equal([4, 2, 3, 3], small.Initializers["conv2.weight"].Dimensions.ToArray());
        AssertSame(zero, small);
    }

    [Fact]
    public void A_layer_without_a_bias_gets_one_for_the_constants_that_it_is_to_take_over()
    {
        Graph graph = Chain(pad: 0, bias: 0.5f, secondBias: false);
        Graph small = DeadChannels.Remove(graph, new ClassifierOptions());
        Assert.Equal(3, small.Nodes.Single(node => node.Name == "conv2").Inputs.Count);
        AssertSame(graph, small);
    }

    [Fact]
    public void A_network_without_any_weight_keeps_a_channel_in_every_value()
    {
        Graph graph = new SparseNetwork(1).Graph;
        foreach (string name in graph.Initializers.Keys.Where(name => name.EndsWith(".weight", StringComparison.Ordinal)).ToArray())
        {
            TensorValue weights = graph.Initializers[name];
            graph.Initializers[name] = TensorValue.Of(new float[weights.Count], weights.Dimensions);
        }

        Graph small = DeadChannels.Remove(graph, new ClassifierOptions());
        AssertSame(graph, small);
        Assert.All(small.Initializers.Where(entry => entry.Key.StartsWith("block", StringComparison.Ordinal) && entry.Value.Dimensions.Length == 4), entry
            => Assert.InRange(entry.Value.Dimensions[0], 1, 2));
    }

    [Fact]
    public void What_is_not_understood_keeps_its_channels()
    {
        Graph graph = Chain(pad: 0, bias: 0.5f, between: (g, x) => g.Add("LRN", [x], "lrn", ("size", 3L)));
        Assert.Same(graph, DeadChannels.Remove(graph, new ClassifierOptions()));
    }

    // Three filters, of which the second has no weights, and four behind them.
    private static Graph Chain(int pad, float bias, bool secondBias = true, Func<Graph, string, string>? between = null)
    {
        var graph = new Graph("chain");
        graph.Input("input", "n", 3, 8, 8);
        float[] weights = SparseNetwork.Values(3 * 27, 5);
        weights.AsSpan(27, 27).Clear();
        graph.Initializer("conv1.weight", TensorValue.Of(weights, 3, 3, 3, 3));
        graph.Initializer("conv1.bias", TensorValue.Of([0.1f, bias, -0.2f], 3));
        float[] second = SparseNetwork.Values(4 * 27, 6);
        for (int filter = 0; filter < 4; filter++)
        {
            second.AsSpan((filter * 27) + 9, 9).Fill(1);
        }

        graph.Initializer("conv2.weight", TensorValue.Of(second, 4, 3, 3, 3));
        string x = graph.Add("Relu", [graph.Add("Conv", ["input", "conv1.weight", "conv1.bias"], "conv1")], "relu");
        x = between is null ? x : between(graph, x);
        string[] inputs = secondBias ? [x, "conv2.weight", graph.Initializer("conv2.bias", TensorValue.Of([0.25f, 0, 1, -1], 4))] : [x, "conv2.weight"];
        x = graph.Add("Conv", inputs, "conv2", ("pads", new long[] { pad, pad, pad, pad }));
        x = graph.Add("Flatten", [graph.Add("GlobalAveragePool", [graph.Add("Relu", [x], "relu2")], "pool")], "flat");
        graph.Initializer("fc.weight", TensorValue.Of(SparseNetwork.Values(12, 7), 3, 4));
        graph.Add("Gemm", [x, "fc.weight"], "logits", ("transB", 1L));
        graph.Output("logits", "n", 3);
        return graph;
    }

    private static void AssertSame(Graph graph, Graph small)
        => Assert.InRange(Engines.LargestDifference(Engines.RunOnnxRuntime(graph, Images(1))[0], Engines.RunOnnxRuntime(small, Images(1))[0]), 0, 1e-5);

    private static TensorValue Images(int seed) => TensorValue.Of(SparseNetwork.Values(2 * 3 * 64, seed + 100), s_images);

    private static long Weights(Graph graph) => graph.Initializers.Values.Where(value => value.Type == ElementType.Float).Sum(value => (long)value.Count);
}
