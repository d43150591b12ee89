using AuditKit.Imaging;
using AuditKit.Models;
using AuditKit.Models.Onnx;

namespace AuditKit.Tests;

/// <summary>
/// One small convolutional network of 3×8×8 images and 5 classes, as exporters write it: every layout of its input, every type, every
/// activation behind its logits. All have the same weights.
/// </summary>
/// <param name="Name">What is special about it.</param>
/// <param name="Build">Makes the graph.</param>
public sealed record ExportedForm(string Name, Func<Graph> Build)
{
    private const int Channels = 3, Side = 8, Filters = 6;

    /// <summary>Classes of the network.</summary>
    public const int Classes = 5;

    /// <summary>What its images are.</summary>
    public static readonly InputShape Shape = new(Channels, Side, Side);

    /// <summary>What a spec says of it beside its path.</summary>
    public ClassifierOptions Options { get; init; } = new() { Threads = 1 };

    /// <summary>What its output is to be taken for.</summary>
    public Activation Taken { get; init; } = Activation.Logits;

    /// <summary>How far its logits may be from the plain network's.</summary>
    public float Tolerance { get; init; } = 1e-4f;

    /// <summary>Whether gradients reach the pixels.</summary>
    public bool HasGradients { get; init; } = true;

    /// <summary>N×C×H×W floats in, logits out.</summary>
    public static Graph Plain() => Network("x", ["n", Channels, Side, Side], ElementType.Float, (_, x) => x, (graph, z) => [z]);

    /// <summary>Forms of the input.</summary>
    public static IReadOnlyList<ExportedForm> Inputs { get; } =
    [
        Input("NHWC", ["n", Side, Side, Channels], ElementType.Float, ChannelsFirst),
        Input("NHWC of open size", ["n", "h", "w", Channels], ElementType.Float, ChannelsFirst, new() { Input = Shape }),
        Input("one row, a channel after the other", ["n", Shape.Length], ElementType.Float, ToPlanes, new() { Layout = InputLayout.ChannelsFirst }),
        Input("one row, a pixel after the other", ["n", Shape.Length], ElementType.Float,
            (g, x) => ChannelsFirst(g, ToPixels(g, x)), new() { Layout = InputLayout.ChannelsLast }),
        Input("one row and a dimension of 1", ["n", Shape.Length, 1], ElementType.Float, ToPlanes, new() { Layout = InputLayout.ChannelsFirst }),
        Input("one row of open length", ["n", "length"], ElementType.Float, ToPlanes, new() { Input = Shape, Layout = InputLayout.ChannelsFirst }),
        Input("bytes as floats", ["n", Channels, Side, Side], ElementType.Float, Unit, new() { Range = PixelRange.Bytes }),
        Input("-1 to 1", ["n", Channels, Side, Side], ElementType.Float, FromSigned, new() { Range = PixelRange.Signed }),
        Input("BGR", ["n", Channels, Side, Side], ElementType.Float, Reversed, new() { Channels = ChannelOrder.Bgr }),
        Input("BGR bytes in NHWC with a mean", ["n", Side, Side, Channels], ElementType.Float,
            (g, x) => Reversed(g, Unit(g, g.Add("Add", [ChannelsFirst(g, x), Constant(g, "mean", [100, 110, 120], 3, 1, 1)], "uncentred"))),
            new() { Channels = ChannelOrder.Bgr, Range = PixelRange.Bytes, Mean = [100, 110, 120], StandardDeviation = [1, 1, 1] }),
        Input("uint8", ["n", Channels, Side, Side], ElementType.UInt8, (g, x) => Unit(g, Cast(g, x)), gradients: false, tolerance: 2e-2f),
        Input("uint8 in NHWC", ["n", Side, Side, Channels], ElementType.UInt8, (g, x)
            => Unit(g, Cast(g, ChannelsFirst(g, x))), gradients: false, tolerance: 2e-2f),
        Input("float64 input", ["n", Channels, Side, Side], ElementType.Double, Cast),
        Input("float16 input", ["n", Channels, Side, Side], ElementType.Float16, Cast, tolerance: 2e-3f),
        Input("a batch of 1", [1, Channels, Side, Side], ElementType.Float, (_, x) => x),
        Input("a batch of 4 in NHWC", [4, Side, Side, Channels], ElementType.Float, ChannelsFirst),
        new("float16 throughout", () => Network("x", ["n", Channels, Side, Side], ElementType.Float16, (_, x) => x, (_, z) => [z], ElementType.Float16))
        { Tolerance = 2e-2f },
        new("ImageScaler in opset 7", () => Network("x", ["n", Channels, Side, Side], ElementType.Float,
            (g, x) => FromSigned(g, g.Add("ImageScaler", [x], "scaled", ("scale", 1 / 127.5f), ("bias", new[] { -1f, -1f, -1f }))), (_, z) => [z], opset: 7))
        { Options = new() { Threads = 1, Range = PixelRange.Bytes } },
    ];

    /// <summary>Forms of the output.</summary>
    public static IReadOnlyList<ExportedForm> Outputs { get; } =
    [
        Output("Softmax", Activation.Probabilities, (g, z) => [Softmax(g, z)]),
        Output("Softmax, Clip", Activation.Probabilities, (g, z)
            => [g.Add("Clip", [Softmax(g, z), Scalar(g, "least", 1e-7f), Scalar(g, "most", 1 - 1e-7f)], "clipped")]),
        Output("Softmax, Cast to float64", Activation.Probabilities, (g, z) => [g.Add("Cast", [Softmax(g, z)], "cast", ("to", (long)ElementType.Double))]),
        Output("Softmax, Cast to float16", Activation.Probabilities, (g, z) => [g.Add("Cast", [Softmax(g, z)], "cast", ("to", (long)ElementType.Float16))]),
        Output("Softmax, Mul", Activation.Probabilities, (g, z) => [g.Add("Mul", [Softmax(g, z), Scalar(g, "percent", 100)], "percents")]),
        Output("Exp, ReduceSum, Div", Activation.Probabilities, (g, z) => [Spelt(g, z)]),
        Output("Sub, Exp, ReduceSum, Div", Activation.Probabilities, (g, z) =>
            [Spelt(g, g.Add("Sub", [z, g.Add("ReduceMax", [z], "largest", ("axes", new long[] { 1 }))], "shifted"))]),
        Output("Softmax that a product hides", Activation.Probabilities, (g, z) =>
            [g.Add("MatMul", [Softmax(g, z), Constant(g, "unit", [.. Enumerable.Range(0, 25).Select(i => i % 6 == 0 ? 1f : 0)], 5, 5)], "product")]),
        Output("LogSoftmax", Activation.LogProbabilities, (g, z) => [g.Add("LogSoftmax", [z], "log", ("axis", 1L))]),
        Output("Softmax, Log", Activation.LogProbabilities, (g, z) => [g.Add("Log", [Softmax(g, z)], "log")]),
        Output("Softmax of K×1×1", Activation.Probabilities, (g, z) => [Softmax(g, g.Add("Reshape", [z, Shaped(g, -1, Classes, 1, 1)], "maps"))]),
        Output("logits of K×1×1", Activation.Logits, (g, z) => [g.Add("Reshape", [z, Shaped(g, -1, Classes, 1, 1)], "maps")]),
        Output("logits of 1×1×K", Activation.Logits, (g, z) => [g.Add("Reshape", [z, Shaped(g, -1, 1, 1, Classes)], "maps")]),
        Output("logits in one row", Activation.Logits, (g, z) => [g.Add("Reshape", [z, Shaped(g, -1)], "flat")]),
        Output("logits of float64", Activation.Logits, (g, z) => [Sum64(g, g.Add("Cast", [z], "cast", ("to", (long)ElementType.Double)))]),
        Output("logits and probabilities", Activation.Logits, (g, z) => [Softmax(g, z), z]),
        Output("label and probabilities", Activation.Probabilities, (g, z) => [g.Add("ArgMax", [z], "label", ("axis", 1L), ("keepdims", 0L)), Softmax(g, z)]),
        Output("a named one of two", Activation.Logits, (g, z) => [z, "pooled"], new() { Output = "z" }),
        Output("Custom Vision's label and map", Activation.Probabilities, CustomVision),
        Output("opset 7, Softmax and Clip", Activation.Probabilities, (g, z)
            => [g.Add("Clip", [Softmax(g, z)], "clipped", ("min", 0f), ("max", 1f))], opset: 7),
        Output("opset 23", Activation.Probabilities, (g, z) => [Softmax(g, z)], opset: 23),
    ];

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>A network with an output of its own behind the logits.</summary>
    public static ExportedForm Output(
        string name, Activation taken, Func<Graph, string, string[]> tail, ClassifierOptions? options = null, int opset = Graph.OwnOpset) =>
        new(name, () => Network("x", ["n", Channels, Side, Side], ElementType.Float, (_, x) => x, tail, opset: opset))
        {
            Taken = taken,
            Options = (options ?? new()) with { Threads = 1 },
            Tolerance = name.Contains("float16", StringComparison.Ordinal) ? 2e-2f : 1e-3f,
        };

    private static ExportedForm Input(
        string name, Dimension[] shape, ElementType type, Func<Graph, string, string> head, ClassifierOptions? options = null, bool gradients = true,
        float tolerance = 1e-4f) =>
        new(name, () => Network("x", shape, type, head, (_, z) => [z]))
        {
            Options = (options ?? new()) with { Threads = 1 },
            HasGradients = gradients,
            Tolerance = tolerance,
        };

    private static Graph Network(
        string input, Dimension[] shape, ElementType type, Func<Graph, string, string> head, Func<Graph, string, string[]> tail,
        ElementType weights = ElementType.Float, int opset = Graph.OwnOpset)
    {
        var graph = new Graph("form", opset);
        graph.Inputs.Add(new GraphValue(input, type, shape));
        graph.Initializer("w", Draw("w", 0.4, Filters, Channels, 3, 3));
        graph.Initializer("fc.w", Draw("fc.w", 4, Classes, Filters));
        graph.Initializer("fc.b", Draw("fc.b", 0.5, Classes));
        string x = graph.Add("Conv", [head(graph, input), "w"], "conv", ("pads", new long[] { 1, 1, 1, 1 }));
        x = graph.Add("Flatten", [graph.Add("GlobalAveragePool", [graph.Add("Relu", [x], "relu")], "pool")], "pooled");
        string z = graph.Add("Gemm", [x, "fc.w", "fc.b"], "z", ("transB", 1L));
        foreach (string output in tail(graph, z))
        {
            graph.Outputs.Add(new GraphValue(output));
        }

        return graph;

        TensorValue Draw(string name, double scale, params long[] dimensions)
        {
            var random = CounterRandom.For(3, name, 0);
            long count = dimensions.Aggregate(1L, (product, length) => product * length);
            return TensorValue.Of([.. Enumerable.Range(0, (int)count).Select(_ => scale * ((2 * random.NextDouble()) - 1))], weights, dimensions);
        }
    }

    private static string ChannelsFirst(Graph graph, string x) => graph.Add("Transpose", [x], "planes", ("perm", new long[] { 0, 3, 1, 2 }));

    private static string ToPlanes(Graph graph, string x) => graph.Add("Reshape", [x, Shaped(graph, -1, Channels, Side, Side)], "planes");

    private static string ToPixels(Graph graph, string x) => graph.Add("Reshape", [x, Shaped(graph, -1, Side, Side, Channels)], "pixels");

    private static string Unit(Graph graph, string x) => graph.Add("Div", [x, Scalar(graph, "255", 255)], "unit");

    private static string FromSigned(Graph graph, string x)
        => graph.Add("Mul", [graph.Add("Add", [x, Scalar(graph, "one", 1)], "shifted in"), Scalar(graph, "half", 0.5f)], "unit");

    private static string Reversed(Graph graph, string x)
    {
        graph.Initializer("order", TensorValue.Of([2L, 1, 0], 3));
        return graph.Add("Gather", [x, "order"], "reversed", ("axis", 1L));
    }

    private static string Cast(Graph graph, string x) => graph.Add("Cast", [x], "floats", ("to", (long)ElementType.Float));

    private static string Softmax(Graph graph, string z) => graph.Add("Softmax", [z], "probabilities", ("axis", 1L));

    private static string Spelt(Graph graph, string z)
    {
        string e = graph.Add("Exp", [z], "exp");
        graph.Initializer("axes", TensorValue.Of([1L], 1));
        return graph.Add("Div", [e, graph.Add("ReduceSum", [e, "axes"], "sum")], "probabilities");
    }

    private static string Sum64(Graph graph, string z)
        => graph.Add("Add", [z, graph.Initializer("shift", TensorValue.Of([2.0], ElementType.Double, 1))], "shifted out");

    private static string[] CustomVision(Graph graph, string z)
    {
        graph.Opsets["ai.onnx.ml"] = 2;
        string[] names = ["anchor", "boat", "crane", "dock", "eel"];
        string p = Softmax(graph, z);
        graph.Initializer("names", new TensorValue([Classes], names));
        graph.Add("ArgMax", [p], "index", ("axis", 1L), ("keepdims", 0L));
        graph.Nodes.Add(new Node("ArrayFeatureExtractor", ["names", "index"], ["classLabel"]) { Domain = "ai.onnx.ml" });
        graph.Nodes.Add(new Node("ZipMap", [p], ["loss"]) { Domain = "ai.onnx.ml", Attributes = { ["classlabels_strings"] = names } });
        return ["classLabel", "loss"];
    }

    private static string Scalar(Graph graph, string name, float value) => graph.Initializer(name, TensorValue.Of([value]));

    private static string Shaped(Graph graph, params long[] shape) => graph.Initializer("shape of it", TensorValue.Of(shape, shape.Length));

    private static string Constant(Graph graph, string name, float[] values, params long[] shape) => graph.Initializer(name, TensorValue.Of(values, shape));
}
