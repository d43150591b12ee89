using AuditKit.Models.Onnx;
using AuditKit.Training.Graphs;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Graphs;

public sealed class LinearLayerTests
{
    [Fact]
    public void Convolutions_have_their_strides_dilations_and_groups()
    {
        var graph = new Graph("convolutions");
        graph.Input("x", "batch", 4, 12, 12);
        graph.Add(
            "Conv", ["x", Weights(graph, "w", 6, 2, 3, 2)], "y",
            ("kernel_shape", new long[] { 3, 2 }), ("strides", new long[] { 2, 1 }), ("dilations", new long[] { 1, 3 }), ("group", 2L));
        graph.Output("y");
        using var network = new GraphModule(graph);

        LinearLayer layer = Assert.Single(LinearLayer.Find(network));

        Assert.Equal(("w", 2, (2, 1), (1, 3)), (layer.Name, layer.Groups, layer.Stride, layer.Dilation));
        Assert.Equal([2, 3, 2, 3, 2], layer.Kernels().shape);
        Assert.True(layer.IsWide);
        Assert.Equal(
            network.Parameters["w"].data<float>(), layer.Kernels().contiguous().data<float>());
    }

    [Theory]
    [InlineData("gemm")]
    [InlineData("gemm, transposed, scaled")]
    [InlineData("matmul")]
    [InlineData("matmul of a transpose")]
    [InlineData("gemm of a renamed transpose")]
    public void A_matrix_product_is_what_its_filters_say(string kind)
    {
        var graph = new Graph(kind);
        graph.Input("x", "batch", 5);
        switch (kind)
        {
            case "gemm":
                graph.Add("Gemm", ["x", Weights(graph, "w", 5, 3)], "y");
                break;
            case "gemm, transposed, scaled":
                graph.Add("Gemm", ["x", Weights(graph, "w", 3, 5)], "y", ("transB", 1L), ("alpha", 0.5f));
                break;
            case "matmul":
                graph.Add("MatMul", ["x", Weights(graph, "w", 5, 3)], "y");
                break;
            case "matmul of a transpose":
                graph.Add("MatMul", ["x", graph.Add("Transpose", [Weights(graph, "w", 3, 5)], "t")], "y");
                break;
            default:
                graph.Add("Gemm", ["x", graph.Add("Identity", [graph.Add("Transpose", [Weights(graph, "w", 5, 3)], "t")], "i")], "y", ("transB", 1L));
                break;
        }

        graph.Output("y");
        using var network = new GraphModule(graph);
        LinearLayer layer = Assert.Single(LinearLayer.Find(network));
        Tensor input = randn(2, 5);

        Assert.Equal("w", layer.Name);
        Assert.Equal([1, 3, 5], layer.Filters().shape);
        Assert.True(allclose(network.Forward(input), input.matmul(layer.Filters()[0].t()), rtol: 1e-5, atol: 1e-6));
    }

    [Fact]
    public void Shared_weights_count_once_and_products_of_two_values_not_at_all()
    {
        var graph = new Graph("shared");
        graph.Input("x", "batch", 4);
        string w = Weights(graph, "w", 4, 4);
        graph.Add("MatMul", [graph.Add("MatMul", ["x", w], "a"), w], "b");
        graph.Add("MatMul", [graph.Add("Transpose", ["b"], "t"), "b"], "y");
        graph.Output("y");
        using var network = new GraphModule(graph);

        Assert.Equal("w", Assert.Single(LinearLayer.Find(network)).Name);
    }

    private static string Weights(Graph graph, string name, params long[] shape)
    {
        float[] values = [.. SampleLayers.Weights(shape).data<double>().Select(value => (float)value)];
        return graph.Initializer(name, TensorValue.Of(values, shape));
    }
}
