using AuditKit.Models;
using AuditKit.Models.Onnx;
using AuditKit.Training.Graphs;
using AuditKit.Training.Graphs.Channels;
using AuditKit.Training.Remedies.Sparse;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Remedies.Sparse;

public sealed class SparsityReportTests
{
    [Fact]
    public void A_smaller_model_that_answers_alike_is_written()
    {
        using TinyTask tiny = Made();
        SparsityReport report = Report(tiny, DeadChannels.Remove);
        Assert.Null(report.Kept);
        Assert.Equal(2 * 2, report.Model.Initializers["head.weight"].Count);
        Assert.Contains("have left the file", report.ToMarkdown());
    }

    [Fact]
    public void A_smaller_model_that_answers_otherwise_or_cannot_be_had_is_not()
    {
        using TinyTask tiny = Made();
        Func<Graph, ClassifierOptions, Graph>[] ways = [Changed, (_, _) => throw new AuditException("no way")];
        foreach (Func<Graph, ClassifierOptions, Graph> remove in ways)
        {
            SparsityReport report = Report(tiny, remove);
            Assert.Same(tiny.Network.Graph, report.Model);
            Assert.Equal(report.Dense.Bytes, report.Small.Bytes);
            Assert.Contains("stayed in the file: ", report.ToMarkdown());
            Assert.DoesNotContain("have left the file", report.ToMarkdown());
        }
    }

    // What is rounded to halves from layer to layer is rounded otherwise in another order.
    [Fact]
    public void A_model_of_16_bit_floats_loses_dead_channels_though_its_logits_are_rounded_otherwise()
    {
        Graph graph = Halves();
        using var network = new GraphModule(SinglePrecision.Of(graph));
        using (no_grad())
        {
            // What is 0 as a half is none of the weights that are left.
            network.Parameters["head.weight"].add_(1e-9);
        }

        var report = SparsityReport.Of(graph, LinearLayer.Find(network), new ModelSpec { Path = "halves.onnx" }, NextHalves);
        Assert.Null(report.Kept);
        Assert.True(report.Difference > 0);
        Assert.Equal(2 * 2, report.Model.Initializers["head.weight"].Count);
        Assert.Equal([12, 4], report.Layers.Select(layer => layer.NotZero));
    }

    // Without the channel that is not used, and every weight behind it the next half.
    private static Graph NextHalves(Graph graph, ClassifierOptions options)
    {
        Graph small = DeadChannels.Remove(graph, options);
        TensorValue weights = small.Initializers["head.weight"];
        small.Initializers["head.weight"] = TensorValue.Of(
            weights.As<Half>().ToArray().Select(weight => (double)Half.BitIncrement(weight)), weights.Type, weights.Dimensions);
        return small;
    }

    // As the model below, in halves between its 32-bit input and output.
    private static Graph Halves()
    {
        var graph = new Graph("halves");
        graph.Input("input", "batch", 1, 2, 2);
        double[] hidden = [0.5, -0.4, 0.3, 0.8, -0.6, 0.2, 0.7, -0.1, 0.4, 0.9, -0.8, 0.25], head = [0.6, -0.5, 0, -0.3, 0.8, 0];
        graph.Initializer("hidden.weight", TensorValue.Of(hidden, ElementType.Float16, 3, 4));
        graph.Initializer("head.weight", TensorValue.Of(head, ElementType.Float16, 2, 3));
        string x = graph.Add("Cast", [graph.Add("Flatten", ["input"], "pixels")], "half pixels", ("to", (long)ElementType.Float16));
        x = graph.Add("Relu", [graph.Add("Gemm", [x, "hidden.weight"], "hidden", ("transB", 1L))], "embedding");
        x = graph.Add("Gemm", [x, "head.weight"], "scores", ("transB", 1L));
        graph.Output(graph.Add("Cast", [x], "logits", ("to", (long)ElementType.Float)), "batch", 2);
        return graph;
    }

    // Of three hidden channels the last one is not used.
    private static TinyTask Made()
    {
        var tiny = new TinyTask((0, "a"), (1, "a"));
        tiny.Network.Graph.Initializers["head.weight"] = TensorValue.Of([0.6f, -0.5f, 0, -0.3f, 0.8f, 0], 2, 3);
        return tiny;
    }

    // By a thousandth.
    private static Graph Changed(Graph graph, ClassifierOptions options)
    {
        var tensors = new OrderedDictionary<string, TensorValue>(graph.Initializers, StringComparer.Ordinal)
        {
            ["head.weight"] = TensorValue.Of([0.6006f, -0.5005f, 0, -0.3003f, 0.8008f, 0], 2, 3),
        };
        return graph.With([.. graph.Nodes], graph.Inputs, graph.Outputs, tensors);
    }

    private static SparsityReport Report(TinyTask tiny, Func<Graph, ClassifierOptions, Graph> remove)
        => SparsityReport.Of(tiny.Network.Graph, LinearLayer.Find(tiny.Network), new ModelSpec { Path = "tiny.onnx" }, remove);
}
