using AuditKit.Models.Onnx;
using AuditKit.Training.Tests.Conformance;

namespace AuditKit.Training.Tests.Graphs;

/// <summary>Nodes that the conformance tests leave out: both engines are asked, and must give the same.</summary>
public class EnginesAgreeTests
{
    private static readonly long[] _image = [2, 4, 7, 9];

    private static readonly Dictionary<string, (int Opset, long[] Input, Func<Graph, string> Build)> _cases = new()
    {
        ["Conv with uneven padding and groups"] = (17, _image, g => g.Add(
            "Conv", ["x", Weight(g, 6, 2, 3, 3), Weight(g, 6)], "y",
            ("group", 2), ("pads", Ints(2, 0, 1, 3)), ("strides", Ints(2, 1)), ("dilations", Ints(1, 2)))),
        ["Conv padded to the same size from below"] = (17, _image, g => g.Add(
            "Conv", ["x", Weight(g, 3, 4, 4, 4)], "y", ("auto_pad", "SAME_LOWER"), ("strides", Ints(2, 3)))),
        ["Conv over one dimension"] = (17, [2, 4, 11], g => g.Add(
            "Conv", ["x", Weight(g, 3, 4, 3)], "y", ("pads", Ints(1, 2)))),
        ["ConvTranspose with uneven padding"] = (17, _image, g => g.Add(
            "ConvTranspose", ["x", Weight(g, 4, 3, 3, 3), Weight(g, 3)], "y",
            ("pads", Ints(0, 1, 2, 1)), ("strides", Ints(2, 2)), ("output_padding", Ints(1, 0)))),
        ["ConvTranspose with groups and dilation"] = (17, _image, g => g.Add(
            "ConvTranspose", ["x", Weight(g, 4, 3, 3, 3)], "y", ("group", 2), ("dilations", Ints(2, 1)))),
        ["AveragePool with uneven padding, counted"] = (17, _image, g => g.Add(
            "AveragePool", ["x"], "y",
            ("kernel_shape", Ints(3, 2)), ("pads", Ints(0, 1, 2, 0)), ("count_include_pad", 1))),
        ["AveragePool with uneven padding, not counted"] = (17, _image, g => g.Add(
            "AveragePool", ["x"], "y", ("kernel_shape", Ints(3, 2)), ("pads", Ints(0, 1, 2, 0)))),
        ["MaxPool with more padding than half its window"] = (17, _image, g => g.Add(
            "MaxPool", ["x"], "y", ("kernel_shape", Ints(3, 3)), ("pads", Ints(2, 2, 2, 0)), ("strides", Ints(2, 2)))),
        ["MaxPool rounded up over one dimension"] = (17, [2, 4, 8], g => g.Add(
            "MaxPool", ["x"], "y", ("kernel_shape", Ints(3)), ("strides", Ints(2)), ("ceil_mode", 1))),
        ["LpPool"] = (17, _image, g => g.Add(
            "LpPool", ["x"], "y", ("kernel_shape", Ints(2, 3)), ("pads", Ints(1, 0, 0, 2)), ("p", 3))),
        ["InstanceNormalization"] = (17, _image, g => g.Add(
            "InstanceNormalization", ["x", Weight(g, 4), Weight(g, 4)], "y", ("epsilon", 0.01f))),
        ["LayerNormalization with a scale for channels only"] = (17, _image, g => g.Add(
            "LayerNormalization", ["x", Weight(g, 4, 7, 9)], "y", ("axis", 1))),
        ["Gemm of a transposed input with a factor"] = (17, [4, 6], g => g.Add(
            "Gemm", ["x", Weight(g, 4, 5), Weight(g, 5)], "y", ("transA", 1), ("alpha", 0.5f), ("beta", 2f))),
        ["Clip of opset 6"] = (7, _image, g => g.Add("Clip", ["x"], "y", ("min", -0.5f), ("max", 0.25f))),
        ["Softmax of opset 11 over several dimensions"] = (11, _image, g => g.Add("Softmax", ["x"], "y", ("axis", 2))),
        ["Pad of opset 10 by reflection"] = (10, _image, g => g.Add(
            "Pad", ["x"], "y", ("mode", "reflect"), ("pads", Ints(0, 0, 2, 3, 0, 0, 1, 4)))),
        ["Pad that crops"] = (17, _image, g => g.Add(
            "Pad", ["x", Longs(g, 0, 0, -1, 2, 0, 0, 3, -2)], "y")),
        ["Slice of opset 9"] = (9, _image, g => g.Add(
            "Slice", ["x"], "y", ("starts", Ints(1, -5)), ("ends", Ints(99, -1)), ("axes", Ints(1, 3)))),
        ["Squeeze and Unsqueeze of opset 11"] = (11, [1, 5, 1], g => g.Add(
            "Squeeze", [g.Add("Unsqueeze", ["x"], "wide", ("axes", Ints(0, 4)))], "y", ("axes", Ints(1, 3)))),
        ["ReduceMean of opset 11"] = (11, _image, g => g.Add(
            "ReduceMean", ["x"], "y", ("axes", Ints(-1, 2)), ("keepdims", 0))),
        ["Upsample of opset 9, linear"] = (9, _image, g => g.Add(
            "Upsample", ["x", Floats(g, 1, 1, 2, 3)], "y", ("mode", "linear"))),
        ["Resize of opset 10, nearest"] = (10, _image, g => g.Add("Resize", ["x", Floats(g, 1, 1, 1.5f, 0.6f)], "y")),
        ["Dropout of opset 10"] = (10, _image, g => g.Add("Dropout", ["x"], "y", ("ratio", 0.9f))),
        ["BatchNormalization of opset 9"] = (9, _image, g => g.Add(
            "BatchNormalization",
            ["x", Weight(g, 4), Weight(g, 4), Weight(g, 4), g.Initializer("var", TensorValue.Of([0.5f, 1, 2, 3], 4))],
            "y", ("epsilon", 0.1f))),
        ["ReduceMax of opset 18"] = (18, _image, g => g.Add("ReduceMax", ["x", Longs(g, 1, -1)], "y")),
        ["Pad of opset 18 for chosen axes"] = (18, _image, g => g.Add(
            "Pad", ["x", Longs(g, 1, 2, 3, 0), "", g.Initializer("axes", TensorValue.Of([-1L, 2L], 2))], "y",
            ("mode", "edge"))),
        ["Resize of opset 18 to sizes"] = (18, _image, g => g.Add(
            "Resize", ["x", "", "", Longs(g, 2, 4, 10, 5)], "y", ("mode", "linear"))),
        ["Mish of opset 18"] = (18, _image, g => g.Add("Mish", ["x"], "y")),
        ["AveragePool of opset 19, rounded up"] = (19, _image, g => g.Add(
            "AveragePool", ["x"], "y", ("kernel_shape", Ints(2, 2)), ("strides", Ints(2, 2)), ("ceil_mode", 1))),
        ["Gelu of opset 20"] = (20, _image, g => g.Add("Gelu", ["x"], "y")),
        ["Gelu of opset 20, approximate"] = (20, _image, g => g.Add("Gelu", ["x"], "y", ("approximate", "tanh"))),
    };

    public static TheoryData<string> Cases => [.. _cases.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Both_engines_agree_on(string node)
    {
        (int opset, long[] shape, Func<Graph, string> build) = _cases[node];
        var graph = new Graph(node, opset);
        graph.Input("x", [.. shape.Select(size => (Dimension)size)]);
        graph.Outputs.Add(new GraphValue(build(graph)));
        TensorValue x = Values(shape, 1);
        TensorValue expected = Engines.RunOnnxRuntime(graph, x)[0];
        TensorValue actual = Engines.RunLibtorch(graph, x)[0];
        Assert.Equal(expected.Dimensions, actual.Dimensions);
        Assert.InRange(Engines.LargestDifference(expected, actual), 0, 1e-5);
    }

    [Fact]
    public void Both_engines_split_unevenly_into_a_number_of_parts()
    {
        var graph = new Graph("split", opset: 18);
        graph.Input("x", 2, 7);
        var split = new Node("Split", ["x"], ["a", "b", "c"]);
        split.Attributes["axis"] = 1;
        split.Attributes["num_outputs"] = 3;
        graph.Nodes.Add(split);
        graph.Outputs.AddRange(split.Outputs.Select(name => new GraphValue(name)));
        TensorValue x = Values([2, 7], 1);
        TensorValue[] expected = Engines.RunOnnxRuntime(graph, x);
        TensorValue[] actual = Engines.RunLibtorch(graph, x);
        Assert.Equal([3, 3, 1], actual.Select(part => part.Dimensions[1]));
        Assert.All(expected.Zip(actual), pair => Assert.True(pair.First.ContentEquals(pair.Second)));
    }

    private static AttributeValue Ints(params long[] values) => values;

    private static string Longs(Graph graph, params long[] values) =>
        graph.Initializer($"i{graph.Initializers.Count}", TensorValue.Of(values, values.Length));

    private static string Floats(Graph graph, params float[] values) =>
        graph.Initializer($"i{graph.Initializers.Count}", TensorValue.Of(values, values.Length));

    private static string Weight(Graph graph, params long[] shape) =>
        graph.Initializer($"i{graph.Initializers.Count}", Values(shape, graph.Initializers.Count + 2));

    private static TensorValue Values(long[] shape, int seed)
    {
        int count = (int)shape.Aggregate((a, b) => a * b);
        float[] values = [.. Enumerable.Range(0, count).Select(i => MathF.Sin(seed + (i * 0.7f * seed)))];
        return TensorValue.Of(values, shape);
    }
}
