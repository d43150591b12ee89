using AuditKit.Imaging;
using AuditKit.Models;
using AuditKit.Models.Features;
using AuditKit.Models.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace AuditKit.Tests.Models.Features;

public sealed class FeatureClassifierTests
{
    private const int Channels = 6, Classes = 3;

    private static readonly InputShape s_own = new(3, 8, 8);

    [Theory]
    [InlineData("features")]
    [InlineData("reshaped")]
    [InlineData("map")]
    [InlineData("classifier")]
    [InlineData("softmax")]
    public void At_its_own_size_the_features_are_the_source_s_and_the_head_multiplies_them(string kind)
    {
        Graph source = Export(kind, batch: 1);
        Graph built = FeatureClassifier.Build(source, null, new ClassifierOptions(), Classes, seed: 1);
        float[] pixels = SmallModels.Pixels(5 * s_own.Length);

        float[] embedding = Run(built, EmbeddingOf(built), pixels, s_own);

        Graph pooled = Pooled();
        float[] expected = [.. Enumerable.Range(0, 5).SelectMany(i => Run(pooled, "features", pixels[(i * s_own.Length)..((i + 1) * s_own.Length)], s_own))];
        Assert.Equal(expected, embedding, new CloseTo(1e-5f));
        float[] weights = built.Initializers["fc.weight"].As<float>().ToArray();
        float[] logits = [.. from i in Enumerable.Range(0, 5) from k in Enumerable.Range(0, Classes)
            select Enumerable.Range(0, Channels).Sum(d => weights[(k * Channels) + d] * embedding[(i * Channels) + d])];
        Assert.Equal(logits, Run(built, "logits", pixels, s_own), new CloseTo(1e-5f));
        Assert.Equal("logits: Float [batch, 3]", built.Outputs.Single().ToString());
    }

    [Theory]
    [InlineData("features")]
    [InlineData("reshaped")]
    [InlineData("map")]
    public void At_another_size_a_window_over_the_whole_image_pools_all_of_it(string kind)
    {
        var size = new InputShape(3, 12, 10);
        Graph built = FeatureClassifier.Build(Export(kind, batch: 1), null, new ClassifierOptions { Input = size }, Classes, seed: 1);
        float[] pixels = SmallModels.Pixels(4 * size.Length);
        Assert.Equal(Run(Pooled(size), "features", pixels, size), Run(built, EmbeddingOf(built), pixels, size), new CloseTo(1e-5f));
        using var model = new OnnxRuntimeClassifier(built, new ClassifierOptions());
        Assert.Equal((size, Classes), (model.Input, model.Classes));
    }

    [Fact]
    public void The_seed_draws_the_head_and_the_source_is_left_as_it_is()
    {
        Graph source = Export("features", batch: 1);
        float[] Head(long seed)
            => FeatureClassifier.Build(source, null, new ClassifierOptions(), Classes, seed).Initializers["fc.weight"].As<float>().ToArray();

        Assert.Equal(Head(1), Head(1));
        Assert.NotEqual(Head(1), Head(2));
        Assert.Equal(["w"], source.Initializers.Keys);
        Assert.Equal("input: Float [1, 3, 8, 8]", source.Inputs.Single().ToString());
    }

    /// <summary>What a file says of its input goes with the features; what it says of its classes and its old head does not.</summary>
    [Fact]
    public void Notes_on_the_input_and_on_layers_that_are_left_go_with_the_features_and_no_others()
    {
        Graph source = Export("classifier", batch: 1);
        string kept = source.Initializers.Keys.First();
        foreach ((string key, string note) in new[]
        {
            ("Image.NominalPixelRange", "NominalRange_0_255"), ("names", "{0: 'tench', 1: 'goldfish'}"), ("imgsz", "[8, 8]"),
            ("auditkit.dense-weights", $$"""{"{{kept}}":1000,"fc.weight":5120}"""),
        })
        {
            source.Metadata[key] = note;
        }

        Graph built = FeatureClassifier.Build(source, null, new ClassifierOptions { Range = PixelRange.Bytes }, Classes, seed: 1);

        Assert.Equal(
            [("Image.NominalPixelRange", "NominalRange_0_255"), ("auditkit.dense-weights", $$"""{"{{kept}}":1000}""")],
            built.Metadata.Select(note => (note.Key, note.Value)));
        Assert.Equal(4, source.Metadata.Count);
    }

    [Fact]
    public void Batch_norm_comes_up_with_new_images_in_the_steps_of_a_fine_tuning()
    {
        var source = new Graph("normalised");
        source.Input("input", "N", 3, 4, 4);
        foreach ((string name, float[] values) in new[] { ("scale", new[] { 1f, 2f, 1f }), ("shift", [0.5f, 0f, 1f]), ("mean", [0f, 1f, 0f]), ("variance", [1f, 4f, 2f]) })
        {
            source.Initializer(name, TensorValue.Of(values, 3));
        }

        source.Add("BatchNormalization", ["input", "scale", "shift", "mean", "variance"], "normal", ("momentum", 0.988f), ("epsilon", 0.01f));
        source.Add("GlobalAveragePool", ["normal"], "pool");
        source.Add("Flatten", ["pool"], "features");
        source.Output("features", "N", 3);
        Graph built = FeatureClassifier.Build(source, null, new ClassifierOptions(), Classes, seed: 1);
        Node own = source.Nodes.Single(node => node.Type == "BatchNormalization"), learnt = built.Nodes.Single(node => node.Type == "BatchNormalization");
        Assert.Equal((0.988f, 0.9f), ((float)own.Attributes["momentum"].Value, (float)learnt.Attributes["momentum"].Value));
        Assert.Equal(0.01f, learnt.Attributes["epsilon"].Value);
        float[] pixels = SmallModels.Pixels(3 * 48);
        var size = new InputShape(3, 4, 4);
        Assert.Equal(Run(source, "features", pixels, size), Run(built, EmbeddingOf(built), pixels, size), new CloseTo(1e-6f));
    }

    [Theory]
    [InlineData("scalar", "one number an image")]
    [InlineData("attention", "no convolution's")]
    [InlineData("tokens", "several rows an image")]
    [InlineData("content", "features")]
    [InlineData("batch mean", "beside other images than alone")]
    [InlineData("two outputs", "Say which value holds the features: embedding: NAME")]
    public void A_graph_without_features_is_refused(string kind, string why)
    {
        // A product of two values looks like a dense layer, whose input would be taken.
        string? embedding = kind == "attention" ? "product" : null;
        var error = Assert.Throws<AuditException>(
            () => FeatureClassifier.Build(Export(kind, batch: null), embedding, new ClassifierOptions(), Classes, seed: 1));
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, error.ExitCode);
    }

    [Theory]
    [InlineData("flattened", 3, 12, 12, "does not run on images of 3×12×12")]
    [InlineData("features", 1, 8, 8, "the channels differ")]
    [InlineData("valid", 3, 2, 2, "does not run on images of 3×2×2")]
    public void Images_that_the_source_cannot_take_are_refused(string kind, int channels, int height, int width, string why)
    {
        var options = new ClassifierOptions { Input = new InputShape(channels, height, width) };
        var error = Assert.Throws<AuditException>(() => FeatureClassifier.Build(Export(kind, batch: 1), null, options, Classes, seed: 1));
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("flattened", 1, 12)]
    [InlineData("valid", 1, 2)]
    [InlineData("valid", 2, 2)]
    [InlineData("valid", null, 2)]
    public void A_size_that_the_network_does_not_run_at_is_said_to_be_the_fault_whatever_its_batch(string kind, int? batch, int side)
    {
        var options = new ClassifierOptions { Input = new InputShape(3, side, side) };
        var error = Assert.Throws<AuditException>(() => FeatureClassifier.Build(Export(kind, batch), null, options, Classes, seed: 1));
        Assert.Contains($"model.input asks for images of 3×{side}×{side}, where the network's own are 3×8×8: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("multiples of 32", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_head_for_one_class_and_a_value_that_is_not_there_are_refused()
    {
        Graph source = Export("features", batch: 1);
        Assert.Contains("two classes", Assert.Throws<AuditException>(() => FeatureClassifier.Build(source, null, new ClassifierOptions(), 1, 1)).Message);
        Assert.Contains("'nowhere'", Assert.Throws<AuditException>(() => FeatureClassifier.Build(source, "nowhere", new ClassifierOptions(), 2, 1)).Message);
    }

    // What exports leave: a fixed batch, pooling by a window of the whole 4×4 map, a Reshape that names the batch.
    private static Graph Export(string kind, int? batch)
    {
        var graph = new Graph(kind, opset: 12);
        Dimension n = batch is { } fixedBatch ? fixedBatch : "batch";
        graph.Input("input", n, s_own.Channels, s_own.Height, s_own.Width);
        graph.Initializer("w", TensorValue.Of(Weights(Channels * 27), Channels, 3, 3, 3));
        long pad = kind == "valid" ? 0 : 1;
        string map = Map(graph, pad);
        string Pool() => graph.Add("AveragePool", [map], "pooled", ("kernel_shape", new long[] { 4, 4 }));
        string Reshape(string value, params long[] shape)
            => graph.Add("Reshape", [value, graph.Initializer($"to {value}", TensorValue.Of(shape, shape.Length))], $"{value}, reshaped");

        string Dense(string value)
        {
            graph.Initializer("old", TensorValue.Of(Weights(10 * Channels), 10, Channels));
            graph.Initializer("old bias", TensorValue.Of(new float[10], 10));
            return graph.Add("Gemm", [value, "old", "old bias"], "scores", ("transB", 1L));
        }

        string end = kind switch
        {
            "map" or "valid" => map,
            "reshaped" => Reshape(Pool(), 1, -1),
            "flattened" => Reshape(map, 1, Channels * 16),
            "classifier" => Dense(Reshape(Pool(), 1, Channels)),
            "softmax" => graph.Add("Softmax", [Dense(Reshape(Pool(), 1, Channels))], "probabilities"),
            "scalar" => graph.Add("ReduceMean", [map], "mean", ("axes", new long[] { 1, 2, 3 }), ("keepdims", 0L)),
            "attention" => graph.Add("MatMul", [map, map], "product"),
            "tokens" => Reshape(map, -1, Channels, 16),
            "content" => graph.Add("Cast", [graph.Add("NonZero", [map], "places")], "floats", ("to", 1L)),
            "batch mean" => graph.Add("Flatten",
                [graph.Add("Sub", [map, graph.Add("ReduceMean", [map], "mean", ("axes", new long[] { 0 }))], "centred")], "flat"),
            _ => Pool(),
        };
        graph.Outputs.Add(new GraphValue(end));
        if (kind == "two outputs")
        {
            graph.Outputs.Add(new GraphValue("conv"));
        }

        return graph;
    }

    // The same features for any size, as they should be.
    private static Graph Pooled(InputShape? size = null)
    {
        var graph = new Graph("pooled");
        InputShape image = size ?? s_own;
        graph.Input("input", "batch", image.Channels, image.Height, image.Width);
        graph.Initializer("w", TensorValue.Of(Weights(Channels * 27), Channels, 3, 3, 3));
        graph.Outputs.Add(new GraphValue(graph.Add("GlobalAveragePool", [Map(graph, pad: 1)], "features")));
        return graph;
    }

    private static string Map(Graph graph, long pad)
        => graph.Add("Relu", [graph.Add("Conv", ["input", "w"], "conv", ("strides", new long[] { 2, 2 }), ("pads", new long[] { pad, pad, pad, pad }))], "map");

    private static string EmbeddingOf(Graph built) => built.Nodes[^1].Inputs[0];

    private static float[] Run(Graph graph, string value, float[] pixels, InputShape size)
    {
        using InferenceSession session = OnnxRuntimeSession.Open(graph.WithOutputs(value));
        using var options = new RunOptions();
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(pixels, [pixels.Length / size.Length, size.Channels, size.Height, size.Width]);
        using IDisposableReadOnlyCollection<OrtValue> results = session.Run(options, ["input"], [input], [value]);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }

    private static float[] Weights(int count) => [.. Enumerable.Range(1, count).Select(i => 0.4f * MathF.Sin(i * i))];
}
