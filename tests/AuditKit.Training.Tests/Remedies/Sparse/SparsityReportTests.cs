using AuditKit.Models;
using AuditKit.Models.Onnx;
using AuditKit.Training.Graphs;
using AuditKit.Training.Graphs.Channels;
using AuditKit.Training.Remedies.Sparse;

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
