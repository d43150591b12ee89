using AuditKit.Models.Onnx;

namespace AuditKit.Tests.Models;

/// <summary>A classifier of 3×8×8 images that runs through as many operators as fit into one: what a mutation can break.</summary>
internal static class OperatorZoo
{
    public static Graph Build()
    {
        var graph = new Graph("zoo");
        string x = graph.Input("input", "batch", 3, 8, 8);
        graph.Initializer("pads", Longs(0, 0, 1, 1, 0, 0, 1, 1));
        graph.Initializer("four", Floats(4, 5, 4));
        graph.Initializer("variance", TensorValue.Of([1f, 2, 1, 2], 4));
        x = graph.Add("Pad", [x, "pads"], "pad", ("mode", "constant"));
        graph.Initializer("conv.weight", Floats(108, 2, 4, 3, 3, 3));
        x = graph.Add("Conv", [x, "conv.weight", "four"], "conv", ("kernel_shape", Ints(3, 3)), ("pads", Ints(0, 0, 0, 0)), ("strides", Ints(1, 1)), ("dilations", Ints(1, 1)), ("group", 1L));
        x = graph.Add("BatchNormalization", [x, "variance", "four", "four", "variance"], "norm", ("epsilon", 1e-5f));
        x = graph.Add("InstanceNormalization", [x, "variance", "four"], "instance");
        x = graph.Add("LRN", [x], "lrn", ("size", 3L), ("alpha", 1e-4f));
        x = graph.Add("Relu", [x], "relu");
        graph.Initializer("halves", Longs(2, 2));
        Split(graph, x, "halves", "left", "right");
        x = graph.Add("Concat", ["right", "left"], "concat", ("axis", 1L));
        x = graph.Add("MaxPool", [x], "maxpool", ("kernel_shape", Ints(2, 2)), ("strides", Ints(2, 2)), ("pads", Ints(0, 0, 0, 0)));
        graph.Initializer("up.weight", Floats(16, 6, 4, 1, 2, 2));
        x = graph.Add("ConvTranspose", [x, "up.weight"], "up", ("kernel_shape", Ints(2, 2)), ("strides", Ints(2, 2)), ("group", 4L));
        x = graph.Add("AveragePool", [x], "average", ("kernel_shape", Ints(2, 2)), ("strides", Ints(2, 2)), ("count_include_pad", 1L));
        graph.Initializer("scales", TensorValue.Of([1f, 1, 2, 2], 4));
        x = graph.Add("Resize", [x, "", "scales"], "resize", ("mode", "linear"), ("coordinate_transformation_mode", "half_pixel"));
        graph.Initializer("starts", Longs(0));
        graph.Initializer("ends", Longs(6));
        graph.Initializer("axis2", Longs(2));
        x = graph.Add("Slice", [x, "starts", "ends", "axis2"], "slice");
        graph.Initializer("repeats", Longs(1, 1, 1, 2));
        x = graph.Add("Tile", [x, "repeats"], "tile");
        graph.Initializer("low", TensorValue.Of([-3f]));
        graph.Initializer("high", TensorValue.Of([3f]));
        x = graph.Add("Clip", [x, "low", "high"], "clip");
        x = graph.Add("DepthToSpace", [x], "space", ("blocksize", 2L), ("mode", "DCR"));
        x = graph.Add("SpaceToDepth", [x], "depth", ("blocksize", 2L));
        x = graph.Add("Transpose", [x], "transpose", ("perm", Ints(0, 2, 3, 1)));
        graph.Initializer("scale", Floats(4, 7, 4));
        x = graph.Add("LayerNormalization", [x, "scale", "four"], "layer", ("axis", -1L));
        x = graph.Add("Erf", [x], "erf");
        string shape = graph.Add("Shape", [x], "shape");
        graph.Initializer("first", Longs(0));
        string batch = graph.Add("Gather", [shape, "first"], "batch size", ("axis", 0L));
        graph.Initializer("rest", Longs(-1, 4));
        string target = graph.Add("Concat", [batch, "rest"], "target", ("axis", 0L));
        x = graph.Add("Reshape", [x, target], "tokens");
        graph.Initializer("one", Longs(1));
        x = graph.Add("ReduceMean", [x], "mean", ("axes", Ints(1)), ("keepdims", 1L));
        x = graph.Add("Squeeze", [x, "one"], "squeezed");
        x = graph.Add("Unsqueeze", [x, "one"], "unsqueezed");
        graph.Initializer("wide", Longs(1, 3, 4));
        x = graph.Add("Expand", [x, "wide"], "expanded");
        graph.Initializer("square", Floats(16, 8, 4, 4));
        x = graph.Add("MatMul", [x, "square"], "matmul");
        x = graph.Add("Softmax", [x], "attention", ("axis", -1L));
        graph.Initializer("sum axis", Longs(1));
        x = graph.Add("ReduceSum", [x, "sum axis"], "summed", ("keepdims", 0L));
        string range = graph.Add("Range", ["range.from", "range.to", "range.by"], "range");
        graph.Initializer("range.from", TensorValue.Of([0L]));
        graph.Initializer("range.to", TensorValue.Of([4L]));
        graph.Initializer("range.by", TensorValue.Of([1L]));
        x = graph.Add("Add", [x, graph.Add("Cast", [range], "cast", ("to", 1L))], "ranged");
        graph.Initializer("filled", Longs(4));
        x = graph.Add("Mul", [x, graph.Add("ConstantOfShape", ["filled"], "ones", ("value", TensorValue.Of([1f], 1)))], "scaled");
        x = graph.Add("Where", [graph.Add("Greater", [x, "low"], "greater"), x, "high"], "where");
        x = graph.Add("Max", [x, "low", "high"], "max");
        x = graph.Add("Sum", [x, "four"], "sum");
        graph.Initializer("k", Longs(4));
        graph.Nodes.Add(new Node("TopK", [x, "k"], ["top", "indices"]) { Name = "top" });
        x = graph.Add("MatMul", ["top", "square"], "projected");
        x = graph.Add("Dropout", [x], "dropout");
        x = graph.Add("Flatten", [x], "flat");
        graph.Initializer("dense", Floats(12, 9, 3, 4));
        x = graph.Add("Gemm", [x, "dense"], "logits", ("transB", 1L), ("alpha", 1f), ("beta", 1f));
        graph.Output(x, "batch", 3);
        return graph;
    }

    private static void Split(Graph graph, string from, string sizes, params string[] to)
    {
        var node = new Node("Split", [from, sizes], to) { Name = "split" };
        node.Attributes.Add("axis", 1L);
        graph.Nodes.Add(node);
    }

    private static long[] Ints(params long[] values) => values;

    private static TensorValue Longs(params long[] values) => TensorValue.Of(values, values.Length);

    private static TensorValue Floats(int count, int salt, params long[] dimensions)
        => TensorValue.Of([.. Enumerable.Range(0, count).Select(i => (((i * salt) % 11) - 5) / 8f)], dimensions);
}
