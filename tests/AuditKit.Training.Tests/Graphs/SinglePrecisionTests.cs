using AuditKit.Models.Onnx;
using AuditKit.Training.Graphs;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Graphs;

public sealed class SinglePrecisionTests
{
    [Fact]
    public void A_model_of_64_bit_floats_computes_in_32_bits()
    {
        using DisposeScope scope = NewDisposeScope();
        Graph graph = Doubles(), single = SinglePrecision.Of(graph);
        Assert.All(single.Initializers.Values, value => Assert.Equal(ElementType.Float, value.Type));
        Assert.All(single.Nodes.Where(node => node.Type == "Cast"), node => Assert.Equal((long)ElementType.Float, (long)node.Attributes["to"].Value));
        Assert.False(SinglePrecision.HasHalves(graph));

        using GraphModule own = new(graph), narrow = new(single);
        Tensor x = tensor(new float[] { 0.1f, -0.7f, 1.3f, 2.1f, 0.4f, -0.2f }, [2, 3]);
        Tensor[] expected = own.Run(x, "hidden", "logits"), actual = narrow.Run(x, "hidden", "logits");

        Assert.Equal([ScalarType.Float64, ScalarType.Float32], expected.Select(value => value.dtype));
        Assert.All(actual, value => Assert.Equal(ScalarType.Float32, value.dtype));
        Assert.All(expected.Zip(actual), pair => Assert.True(allclose(pair.First.to(ScalarType.Float32), pair.Second, rtol: 1e-5, atol: 1e-5)));
    }

    [Fact]
    public void What_was_trained_is_written_in_the_models_own_floats()
    {
        Graph graph = Doubles();
        using var network = new GraphModule(SinglePrecision.Of(graph));
        using (no_grad())
        {
            network.Parameters["bias"].fill_(0.375);
        }

        network.WriteBack();
        SinglePrecision.PutBack(network.Graph, graph, "bias");

        Assert.Equal([0.375, 0.375], graph.Initializers["bias"].As<double>().ToArray());
        // Nobody has changed the others: they are not even rounded.
        Graph before = Doubles();
        Assert.All(
            before.Initializers.Where(entry => entry.Key != "bias"), entry => Assert.True(entry.Value.ContentEquals(graph.Initializers[entry.Key])));
        Assert.All(graph.Initializers.Values, value => Assert.Equal(ElementType.Double, value.Type));
    }

    [Fact]
    public void A_model_of_32_bit_floats_stays_itself()
    {
        var graph = new Graph("single");
        graph.Input("x", "n", 3);
        graph.Initializer("w", TensorValue.Of([0.5f, 1, 2, -1, 0.25f, 3], 3, 2));
        graph.Output(graph.Add("MatMul", ["x", "w"], "logits"), "n", 2);
        Assert.Same(graph, SinglePrecision.Of(graph));
    }

    // MatMul and Gemm in 64 bits, between an input and an output of 32: weights, a Constant and Casts say so.
    private static Graph Doubles()
    {
        var graph = new Graph("doubles");
        graph.Input("x", "n", 3);
        string x = graph.Add("Cast", ["x"], "wide", ("to", (long)ElementType.Double));
        x = graph.Add("MatMul", [x, Sevenths("w", 3, 4)], "product");
        string shift = graph.Add("Constant", [], "shift", ("value", TensorValue.Of([0.25], ElementType.Double, 1)));
        x = graph.Add("Relu", [graph.Add("Add", [x, shift], "sum")], "hidden");
        x = graph.Add("Gemm", [x, Sevenths("rows", 2, 4), Sevenths("bias", 2)], "scores", ("transB", 1L));
        graph.Output(graph.Add("Cast", [x], "logits", ("to", (long)ElementType.Float)), "n", 2);
        return graph;

        string Sevenths(string name, params long[] shape)
        {
            IEnumerable<double> values = Enumerable.Range(0, (int)shape.Aggregate((a, b) => a * b)).Select(i => ((i * 5 % 13) - 6) / 7.0);
            return graph.Initializer(name, TensorValue.Of(values, ElementType.Double, shape));
        }
    }
}
