using AuditKit.Models.Onnx;

namespace AuditKit.Tests.Models;

/// <summary>A small network of 3×8×8 images with every operator that is run without a trial.</summary>
internal static class PlainNetwork
{
    public static Graph Build()
    {
        var graph = new Graph("plain");
        string x = graph.Input("input", "batch", 3, 8, 8);
        graph.Initializer("mean", Floats(3, 4, 1, 3, 1, 1));
        graph.Initializer("deviation", TensorValue.Of([0.5f, 0.25f, 0.5f], 1, 3, 1, 1));
        x = graph.Add("Div", [graph.Add("Sub", [x, "mean"], "centred"), "deviation"], "normal");
        graph.Initializer("pads", TensorValue.Of([0L, 0, 1, 1, 0, 0, 1, 1], 8));
        x = graph.Add("Pad", [x, "pads"], "pad", ("mode", "constant"));
        graph.Initializer("kernel", Floats(108, 2, 4, 3, 3, 3));
        graph.Initializer("four", Floats(4, 5, 4));
        graph.Initializer("variance", TensorValue.Of([1f, 2, 1, 2], 4));
        x = graph.Add("Conv", [x, "kernel", "four"], "conv", ("kernel_shape", Ints(3, 3)), ("pads", Ints(0, 0, 0, 0)), ("strides", Ints(1, 1)),
            ("dilations", Ints(1, 1)), ("group", 1L));
        x = graph.Add("BatchNormalization", [x, "variance", "four", "four", "variance"], "norm", ("epsilon", 1e-5f));
        x = graph.Add("Concat", [graph.Add("Relu", [x], "relu"), graph.Add("LeakyRelu", [x], "leaky", ("alpha", 0.1f))], "concat", ("axis", 1L));
        x = graph.Add("MaxPool", [x], "maxpool", ("kernel_shape", Ints(2, 2)), ("strides", Ints(2, 2)), ("pads", Ints(0, 0, 0, 0)), ("ceil_mode", 0L));
        graph.Initializer("depthwise", Floats(72, 6, 8, 1, 3, 3));
        x = graph.Add("Conv", [x, "depthwise"], "conv2", ("kernel_shape", Ints(3, 3)), ("pads", Ints(1, 1, 1, 1)), ("group", 8L));
        graph.Initializer("low", TensorValue.Of([-3f]));
        graph.Initializer("high", TensorValue.Of([3f]));
        x = graph.Add("Clip", [x, "low", "high"], "clip");
        x = graph.Add("Mul", [x, graph.Add("Sigmoid", [x], "gate")], "swish");
        string pooled = graph.Add("GlobalAveragePool", [x], "pool");
        graph.Initializer("shape", TensorValue.Of([0L, 2, 4], 3));
        x = graph.Add("Reshape", [pooled, "shape"], "tokens");
        x = graph.Add("Transpose", [x], "turned", ("perm", Ints(0, 2, 1)));
        x = graph.Add("Softmax", [x], "attention", ("axis", -1L));
        graph.Nodes.Add(Constant("square", Floats(4, 7, 2, 2)));
        x = graph.Add("MatMul", [x, "square"], "product");
        graph.Initializer("axis", TensorValue.Of([1L], 1));
        x = graph.Add("Squeeze", [graph.Add("Unsqueeze", [x, "axis"], "deeper"), "axis"], "flatter");
        x = graph.Add("Add", [x, graph.Add("ReduceMean", [x], "average token", ("axes", Ints(1)), ("keepdims", 1L))], "context");
        x = graph.Add("Flatten", [graph.Add("Dropout", [graph.Add("Identity", [graph.Add("Tanh", [x], "tanh")], "same")], "dropout")], "flat", ("axis", 1L));
        graph.Initializer("dense", Floats(24, 9, 3, 8));
        x = graph.Add("Gemm", [x, "dense"], "dense out", ("transB", 1L), ("alpha", 1f), ("beta", 1f));
        x = graph.Add("LogSoftmax", [x], "logits", ("axis", 1L));
        graph.Output(x, "batch", 3);
        return graph;
    }

    private static Node Constant(string name, TensorValue value)
    {
        var node = new Node("Constant", [], [name]) { Name = name };
        node.Attributes.Add("value", value);
        return node;
    }

    private static long[] Ints(params long[] values) => values;

    private static TensorValue Floats(int count, int salt, params long[] dimensions)
        => TensorValue.Of([.. Enumerable.Range(0, count).Select(i => (((i * salt) % 11) - 5) / 8f)], dimensions);
}
