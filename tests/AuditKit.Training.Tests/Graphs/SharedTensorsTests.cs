using AuditKit.Models.Onnx;
using AuditKit.Training.Graphs;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Graphs;

public sealed class SharedTensorsTests
{
    private const int Images = 6, Channels = 4;

    /// <summary>
    /// Of a network that was never trained an export keeps one tensor of ones and one of zeros, perhaps under other names: it learns as the same
    /// network with tensors of its own.
    /// </summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Uniform_tensors_are_trained_as_if_they_had_never_been_shared(int names)
    {
        using DisposeScope scope = NewDisposeScope();
        using GraphModule own = new(Network(isShared: false)), divided = new(SharedTensors.Divide(Network(isShared: true, names)));
        float[] before = Logits(own);
        Close(before, Logits(divided));
        Assert.Equal(own.Parameters.Count, divided.Parameters.Count);
        Assert.Equal(own.Buffers.Count, divided.Buffers.Count);

        Train(own);
        Train(divided);

        Assert.Contains(before.Zip(Logits(own)), pair => Math.Abs(pair.First - pair.Second) > 0.01);
        Close(Logits(own), Logits(divided));
        Close(Statistics(own), Statistics(divided));
    }

    [Fact]
    public void A_model_in_which_nothing_is_shared_stays_itself()
    {
        Graph graph = Network(isShared: false);
        Assert.Same(graph, SharedTensors.Divide(graph));
    }

    // Weights of several values are tied because somebody tied them, and a single number is a setting.
    [Theory]
    [InlineData("weights of several values")]
    [InlineData("a scalar")]
    [InlineData("one number")]
    public void Tied_weights_and_single_numbers_stay_shared(string shared)
    {
        var graph = new Graph("tied");
        graph.Input("x", "n", 4);
        graph.Initializer("shared", shared switch
        {
            "a scalar" => TensorValue.Of([0.5f]),
            "one number" => TensorValue.Of([0.5f], 1),
            _ => TensorValue.Of([.. Enumerable.Range(0, 16).Select(i => MathF.Sin(i))], 4, 4),
        });
        graph.Add("Identity", ["shared"], "other name");
        string type = shared == "weights of several values" ? "MatMul" : "Mul";
        string x = graph.Add(type, ["x", "shared"], "once");
        x = graph.Add(type, [x, "shared"], "twice");
        graph.Output(graph.Add(type, [x, "other name"], "three times"), "n", 4);

        Assert.Same(graph, SharedTensors.Divide(graph));
    }

    /// <summary>A layer that is used more than once on purpose has its bias in common, too, though that is zeros yet.</summary>
    [Fact]
    public void A_layer_that_is_used_twice_keeps_its_bias()
    {
        var graph = new Graph("twice");
        graph.Input("x", "n", 4);
        graph.Initializer("kernel", TensorValue.Of([.. Enumerable.Range(0, 16).Select(i => MathF.Sin(i))], 4, 4));
        graph.Initializer("zeros", TensorValue.Of(new float[4], 4));
        string x = graph.Add("Gemm", ["x", "kernel", "zeros"], "once");
        x = graph.Add("Gemm", [x, "kernel", "zeros"], "twice");
        graph.Output(graph.Add("Add", [x, "zeros"], "logits"), "n", 4);

        Graph divided = SharedTensors.Divide(graph);

        Assert.Equal(["zeros", "zeros"], divided.Nodes.Take(2).Select(node => node.Inputs[2]));
        Assert.NotEqual("zeros", divided.Nodes[2].Inputs[1]);
    }

    /// <summary>Conv, batch norm, ReLU, Conv, batch norm, mean of each channel, Gemm.</summary>
    /// <param name="isShared">Whether one tensor of ones and one of zeros serve all that have such values.</param>
    /// <param name="names">How many other names Identity gives a shared tensor, one after the other, before it is used.</param>
    private static Graph Network(bool isShared, int names = 0)
    {
        var graph = new Graph("shared");
        graph.Input("x", "n", 3, 6, 6);
        if (isShared)
        {
            Uniform("zeros", 0);
            Uniform("ones", 1);
        }

        string x = graph.Add("Relu", [Block("x", "first", 3)], "act");
        x = Block(x, "second", Channels);
        x = graph.Add("Flatten", [graph.Add("GlobalAveragePool", [x], "pool")], "flat");
        graph.Output(graph.Add("Gemm", [x, Weights("fc", Channels, Channels), Use("bias", 0)], "logits", ("transB", 1L)), "n", Channels);
        return graph;

        string Block(string value, string name, int channels)
        {
            string maps = graph.Add(
                "Conv", [value, Weights($"{name}.weight", Channels, channels, 3, 3)], $"{name}.conv", ("pads", new long[] { 1, 1, 1, 1 }));
            string[] tensors = [Use($"{name}.scale", 1), Use($"{name}.shift", 0), Use($"{name}.mean", 0), Use($"{name}.variance", 1)];
            return graph.Add("BatchNormalization", [maps, .. tensors], $"{name}.norm");
        }

        string Use(string name, float value)
        {
            string shared = value == 0 ? "zeros" : "ones";
            return isShared ? Enumerable.Range(1, names).Aggregate(shared, (known, other) => graph.Add("Identity", [known], $"{name}.{other}"))
                : Uniform(name, value);
        }

        string Uniform(string name, float value)
        {
            float[] values = [.. Enumerable.Repeat(value, Channels)];
            return graph.Initializer(name, TensorValue.Of(values, Channels));
        }

        string Weights(string name, params long[] shape)
        {
            float[] values = [.. SampleLayers.Weights(shape).data<double>().Select(value => (float)value)];
            return graph.Initializer(name, TensorValue.Of(values, shape));
        }
    }

    // Two steps on the same batch.
    private static void Train(GraphModule network)
    {
        network.Training = true;
        using var optimiser = optim.SGD(network.Parameters.Values, 0.1);
        for (int step = 0; step < 2; step++)
        {
            optimiser.zero_grad();
            nn.functional.cross_entropy(network.Forward(Pixels()), arange(Images).remainder(Channels)).backward();
            optimiser.step();
        }

        network.Training = false;
    }

    private static float[] Logits(GraphModule network) => [.. network.Forward(Pixels()).detach().data<float>()];

    // Running means and variances, whatever the tensors are called.
    private static float[] Statistics(GraphModule network) =>
    [
        .. network.Nodes.Where(node => node.Type == "BatchNormalization").SelectMany(node => node.Inputs.Skip(3))
            .SelectMany(name => network.Buffers[name].data<float>()),
    ];

    private static Tensor Pixels()
    {
        // Of its own: libtorch has one generator, and other tests draw from it at the same time.
        using var generator = new Generator(1);
        return rand([Images, 3, 6, 6], generator: generator);
    }

    private static void Close(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }
}
