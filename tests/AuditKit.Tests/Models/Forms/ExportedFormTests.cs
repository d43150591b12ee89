using AuditKit.Imaging;
using AuditKit.Models;
using AuditKit.Models.Onnx;

namespace AuditKit.Tests.Models.Forms;

/// <summary>The same weights in every form give the same logits, up to what softmax does not see.</summary>
public sealed class ExportedFormTests
{
    private const int Images = 9;

    private static readonly float[] s_pixels = SmallModels.Pixels(Images * ExportedForm.Shape.Length);

    public static TheoryData<string> Names => [.. ExportedForm.Inputs.Concat(ExportedForm.Outputs).Select(form => form.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void It_gives_the_plain_networks_logits(string name)
    {
        ExportedForm form = ExportedForm.Inputs.Concat(ExportedForm.Outputs).Single(form => form.Name == name);
        float[] expected = LogSoftmax(Logits(ExportedForm.Plain(), new() { Threads = 1 }, Activation.Logits), ExportedForm.Classes);
        float[] actual = LogSoftmax(Logits(form.Build(), form.Options, form.Taken), ExportedForm.Classes);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, form.Tolerance * Math.Max(1, Math.Abs(pair.First))));
        // The network tells its images apart, or the test would say nothing.
        Assert.True(expected.Chunk(ExportedForm.Classes).Max(row => row[0]) - expected.Chunk(ExportedForm.Classes).Min(row => row[0]) > 0.05);
    }

    [Fact]
    public void Sigmoids_are_divided_by_their_sum()
    {
        float[] z = Logits(ExportedForm.Plain(), new() { Threads = 1 }, Activation.Logits);
        float[] expected = LogSoftmax([.. z.Select(x => (float)-Math.Log(1 + Math.Exp(-x)))], ExportedForm.Classes);
        foreach (ExportedForm form in new[]
        {
            ExportedForm.Output("Sigmoid", Activation.Sigmoids, (g, z) => [g.Add("Sigmoid", [z], "sigmoids")]),
            ExportedForm.Output("hidden", Activation.Sigmoids, (g, z)
                => [Hidden(g, g.Add("Sigmoid", [z], "sigmoids"))], new() { Activation = Activation.Sigmoids }),
        })
        {
            float[] logits = Logits(form.Build(), form.Options, Activation.Sigmoids);
            Assert.Equal(expected, LogSoftmax(logits, ExportedForm.Classes), new CloseTo(1e-3f));
        }
    }

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, Activation.Logits)]
    public void One_number_makes_two_classes(bool squashed, Activation? activation)
    {
        ExportedForm form = ExportedForm.Output("one", Activation.Sigmoids, (g, z) => [One(g, z, squashed)], new() { Activation = activation });
        float[] logits = Logits(form.Build(), form.Options, activation ?? Activation.Sigmoids, classes: 2);
        float[] z = Logits(ExportedForm.Plain(), new() { Threads = 1 }, Activation.Logits);
        Assert.All(logits.Chunk(2), row => Assert.Equal(0, row[0]));
        Assert.Equal(z.Chunk(5).Select(row => row[0] - row[1]), logits.Chunk(2).Select(row => row[1]), new CloseTo(1e-4f));
    }

    [Theory]
    [InlineData("clip", null, "activation: logits")]
    [InlineData("softmax", Activation.Logits, "sum to 1")]
    [InlineData("hidden softmax", Activation.Logits, "sum to 1")]
    [InlineData("logits", Activation.Probabilities, "gives no probabilities")]
    [InlineData("logits", Activation.Sigmoids, "gives no sigmoids")]
    [InlineData("logits", Activation.LogProbabilities, "gives no log-probabilities")]
    [InlineData("one", null, "activation: logits")]
    public void What_an_output_cannot_be_or_leaves_open_is_refused_with_the_line_to_write(string tail, Activation? said, string words)
    {
        ExportedForm form = ExportedForm.Output(tail, Activation.Logits, (g, z) => [tail switch
        {
            "clip" => g.Add("HardSigmoid", [z], "squashed"),
            "softmax" => g.Add("Softmax", [z], "p", ("axis", 1L)),
            "hidden softmax" => Hidden(g, g.Add("Softmax", [z], "p", ("axis", 1L))),
            "one" => One(g, z, squashed: false),
            _ => z,
        }], new() { Activation = said });
        AuditException error = Assert.Throws<AuditException>(() => ClassifierGraph.Of(form.Build(), form.Options));
        Assert.Contains(words, error.Message);
        Assert.Equal(ExitCode.Usage, error.ExitCode);
    }

    [Fact]
    public void Several_outputs_that_say_different_things_are_listed_with_the_line_to_write()
    {
        ExportedForm form = ExportedForm.Output("two", Activation.Logits, (_, z) => [z, "pooled"]);
        string message = Assert.Throws<AuditException>(() => ClassifierGraph.Of(form.Build())).Message;
        Assert.Contains("z (5 numbers), pooled (6 numbers)", message);
        Assert.Contains("output: z", message);
        Assert.Contains("Did you mean 'pooled'?", Assert.Throws<AuditException>(() => ClassifierGraph.Of(form.Build(), new() { Output = "poled" })).Message);
    }

    [Fact]
    public void A_ZipMaps_labels_are_the_classes_names()
    {
        ExportedForm form = ExportedForm.Outputs.Single(form => form.Name.StartsWith("Custom", StringComparison.Ordinal));
        var graph = ClassifierGraph.Of(form.Build());
        Assert.Equal(["anchor", "boat", "crane", "dock", "eel"], graph.Labels);
        Assert.DoesNotContain(graph.Graph.Nodes, node => node.Domain.Length > 0);
        Assert.Equal("pooled", graph.Embedding);
    }

    [Theory]
    [InlineData(new long[] { 8, 8 }, "N×8×8")]
    [InlineData(new long[] { 64 }, "N×64")]
    [InlineData(new long[] { 64, 1 }, "N×64×1")]
    [InlineData(new long[] { 64, 1, 1 }, "N×64×1×1")]
    [InlineData(new long[] { 8, 8, 1 }, "N×H×W×C")]
    [InlineData(new long[] { 1, 8, 8 }, "N×C×H×W")]
    public void Grey_images_in_every_shape_are_seen_without_a_word_of_the_user(long[] dimensions, string text)
    {
        var graph = new Graph("grey");
        graph.Inputs.Add(new GraphValue("x", ElementType.Float, ["n", .. dimensions.Select(length => (Dimension)length)]));
        graph.Initializer("w", TensorValue.Of(SmallModels.Pixels(64 * 3), 64, 3));
        graph.Add("MatMul", [graph.Add("Flatten", ["x"], "flat"), "w"], "z");
        graph.Output("z", "n", 3);
        var seen = ClassifierGraph.Of(graph);
        Assert.Equal(new InputShape(1, 8, 8), seen.Input);
        Assert.StartsWith(text, seen.InputText);
    }

    [Fact]
    public void Colours_in_one_row_leave_their_order_open()
        => Assert.Contains("layout: nhwc", Assert.Throws<AuditException>(() => ClassifierGraph.Of(
            ExportedForm.Inputs.Single(form => form.Name == "one row and a dimension of 1").Build())).Message);

    [Fact]
    public void The_models_own_graph_is_not_changed_and_its_names_stay()
    {
        Graph own = ExportedForm.Inputs[0].Build();
        (int nodes, int constants) = (own.Nodes.Count, own.Initializers.Count);
        var seen = ClassifierGraph.Of(own);
        Assert.Equal((nodes, constants, "x"), (own.Nodes.Count, own.Initializers.Count, own.Inputs.Single().Name));
        Assert.Empty(own.Nodes.SelectMany(node => node.Outputs).Except(seen.Graph.Nodes.SelectMany(node => node.Outputs)));
        Assert.Same(own.Initializers, seen.Graph.Initializers);
    }

    private static string Hidden(Graph graph, string p)
    {
        graph.Initializer("unit", TensorValue.Of([.. Enumerable.Range(0, 25).Select(i => i % 6 == 0 ? 1f : 0)], 5, 5));
        return graph.Add("Max", [graph.Add("MatMul", [p, "unit"], "product"), p], "hidden");
    }

    private static string One(Graph graph, string z, bool squashed)
    {
        graph.Initializer("difference", TensorValue.Of([1f, -1, 0, 0, 0], 5, 1));
        string one = graph.Add("MatMul", [z, "difference"], "one");
        return squashed ? graph.Add("Sigmoid", [one], "p") : one;
    }

    private static float[] Logits(Graph graph, ClassifierOptions options, Activation taken, int classes = ExportedForm.Classes)
    {
        using var model = new OnnxRuntimeClassifier(graph, options);
        Assert.Equal((ExportedForm.Shape, classes, taken), (model.Input, model.Classes, model.Form.Activation));
        float[] logits = new float[Images * classes];
        model.Run(s_pixels, Images, logits, new float[Images * model.EmbeddingLength]);
        return logits;
    }

    private static float[] LogSoftmax(float[] logits, int classes) => [.. logits.Chunk(classes).SelectMany(row =>
    {
        double normaliser = Math.Log(row.Sum(z => Math.Exp(z)));
        return row.Select(z => (float)(z - normaliser));
    })];
}
