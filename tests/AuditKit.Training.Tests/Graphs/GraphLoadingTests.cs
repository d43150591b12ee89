using AuditKit.Models.Onnx;
using AuditKit.Training.Graphs;
using TorchSharp;

namespace AuditKit.Training.Tests.Graphs;

/// <summary>What is done, and refused, when a graph is made ready to run.</summary>
public sealed class GraphLoadingTests : IDisposable
{
    private readonly DisposeScope _scope = torch.NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Constants_and_shapes_are_computed_once_at_load()
    {
        // What torch.onnx.export makes of x.view(x.size(0), x.size(1) * 36) and of a padding given as a list.
        var graph = new Graph("export");
        string x = graph.Input("x", "batch", 2, 6, 6);
        graph.Add("Constant", [], "zero", ("value", TensorValue.Of([0L], 1)));
        graph.Add("Constant", [], "one", ("value", TensorValue.Of([1L], 1)));
        graph.Add("Constant", [], "36", ("value", TensorValue.Of([36L], 1)));
        graph.Add("Constant", [], "shape of pads", ("value", TensorValue.Of([8L], 1)));
        graph.Add("ConstantOfShape", ["shape of pads"], "pads", ("value", TensorValue.Of([0L], 1)));
        graph.Add("Pad", [x, "pads"], "padded");
        graph.Add("Shape", ["padded"], "shape");
        graph.Add("Gather", ["shape", "zero"], "n");
        graph.Add("Gather", ["shape", "one"], "c");
        graph.Add("Mul", ["c", "36"], "c*36");
        graph.Add("Div", ["c*36", "one"], "features");
        graph.Add("Concat", ["n", "features"], "target", ("axis", 0));
        graph.Output(graph.Add("Reshape", ["padded", "target"], "flat"));
        using var module = new GraphModule(graph);

        // The batch is all that a run has to look up.
        Assert.Equal(["Pad", "Shape", "Gather", "Concat", "Reshape"], module.Nodes.Select(node => node.Type));
        Assert.Equal([5, 72], module.Forward(torch.zeros(5, 2, 6, 6)).shape);
    }

    [Fact]
    public void Parameters_are_told_from_settings_scalars_and_built_in_normalisation()
    {
        var graph = new Graph("selection");
        string x = graph.Input("x", "n", 1, 2, 2);
        graph.Initializer("mean", TensorValue.Of([0.5f], 1, 1, 1));
        graph.Initializer("std", TensorValue.Of([0.25f], 1, 1, 1));
        graph.Initializer("weight", TensorValue.Of([2f], 1, 1, 1, 1));
        graph.Initializer("low", TensorValue.Of([0f], 1));
        graph.Initializer("six", TensorValue.Of([6f]));
        graph.Initializer("gain", TensorValue.Of([3f], 1, 1, 1));
        x = graph.Add("Div", [graph.Add("Sub", [x, "mean"], "centred"), "std"], "normal");
        x = graph.Add("Clip", [graph.Add("Conv", [x, "weight"], "conv"), "low"], "clipped");
        graph.Output(graph.Add("Mul", [graph.Add("Div", [x, "six"], "sixth"), "gain"], "y"));
        using var module = new GraphModule(graph);
        Assert.Equal(["weight", "gain"], module.Parameters.Keys);
        Assert.Equal(3, module.Forward(torch.ones(1, 1, 2, 2)).ToDoubles()[0] * 6 / 3 / 4 * 3, 1e-6);
    }

    [Fact]
    public void An_operator_that_cannot_be_trained_is_named_with_node_and_opset()
    {
        var graph = new Graph("recurrent", opset: 14);
        graph.Output(graph.Add("LSTM", [graph.Input("x", 1)], "y"));
        var e = Assert.Throws<AuditException>(() => new GraphModule(graph));
        Assert.Equal(ExitCode.Usage, e.ExitCode);
        Assert.Contains("operator LSTM (node LSTM 'y', opset 14)", e.Message);
    }

    [Fact]
    public void Graphs_that_contradict_themselves_are_refused()
    {
        Graph newer = new("newer", opset: 21);
        newer.Output(newer.Add("Relu", [newer.Input("x", 1)], "y"));
        AssertRefused(newer, "opset 21 is newer than 20");

        Graph twice = new("twice");
        twice.Add("Relu", [twice.Input("x", 1)], "y");
        twice.Add("Relu", ["x"], "y");
        AssertRefused(twice, "'y' is given twice");

        Graph unknown = new("unknown");
        unknown.Add("Relu", ["x"], "y");
        AssertRefused(unknown, "nothing gives the value 'x'");

        Graph impossible = new("impossible");
        impossible.Initializer("shape", TensorValue.Of([3L], 1));
        impossible.Initializer("four", TensorValue.Of([1L, 2L, 3L, 4L], 4));
        impossible.Add("Reshape", ["four", "shape"], "y");
        AssertRefused(impossible, "Reshape 'y' (opset 17) cannot be run on inputs of shape 4, 1");

        static void AssertRefused(Graph graph, string message)
        {
            var e = Assert.Throws<AuditException>(() => new GraphModule(graph));
            Assert.Equal(ExitCode.Usage, e.ExitCode);
            Assert.Contains(message, e.Message);
        }
    }

    [Fact]
    public void Text_is_refused_only_where_a_node_computes_with_it()
    {
        var graph = new Graph("named");
        graph.Output(graph.Add("Relu", [graph.Input("x", 1)], "y"));
        graph.Initializer("names", new TensorValue([1], ["cat"]));
        using var module = new GraphModule(graph);
        Assert.Equal(2, module.Forward(torch.full([1], 2f)).item<float>());
        graph.Add("Identity", ["names"], "z");
        Assert.Contains("'names' is of type String", Assert.Throws<AuditException>(() => new GraphModule(graph)).Message);
    }

    [Fact]
    public void An_image_of_the_wrong_shape_is_refused_with_node_and_shapes()
    {
        using var module = new GraphModule(SmallClassifier.Graph());
        var e = Assert.Throws<AuditException>(() => module.Forward(torch.zeros([1, 3, 6, 6], torch.ScalarType.Float64)));
        Assert.Contains("Conv 'conv' (opset 17) cannot be run on inputs of shape 1×3×6×6, 3×2×3×3", e.Message);
    }
}
