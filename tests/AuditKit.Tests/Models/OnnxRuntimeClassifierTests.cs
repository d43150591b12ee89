using AuditKit.Imaging;
using AuditKit.Models;
using AuditKit.Models.Architectures;
using AuditKit.Models.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace AuditKit.Tests.Models;

public sealed class OnnxRuntimeClassifierTests : IDisposable
{
    private static readonly ClassifierOptions Options = new() { Threads = 2 };

    private readonly string _folder = Directory.CreateTempSubdirectory("onnx-runtime-classifier-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Logits_are_those_of_the_normalised_image_and_the_embedding_is_the_last_layers_input()
    {
        float[] mean = [0.5f, 0.25f, 0.1f];
        float[] deviation = [0.5f, 2, 0.3f];
        using OnnxRuntimeClassifier model = Open(
            SmallModels.Linear(), Options with { Mean = mean, StandardDeviation = deviation });
        Assert.Equal((new InputShape(3, 2, 2), 4, 12), (model.Input, model.Classes, model.EmbeddingLength));

        float[] pixels = SmallModels.Pixels(5 * SmallModels.Length);
        (float[] logits, float[] embeddings) = Run(model, pixels);

        float[] normalised = [.. pixels.Select((pixel, i) => (pixel - mean[i % 12 / 4]) / deviation[i % 12 / 4])];
        Assert.Equal(normalised, embeddings);
        for (int image = 0; image < 5; image++)
        {
            float[] expected = SmallModels.LinearLogits(normalised.AsSpan(image * 12, 12));
            Assert.Equal(expected, logits[(image * 4)..((image * 4) + 4)], new CloseTo(1e-5f));
        }
    }

    [Fact]
    public void One_mean_and_one_deviation_serve_all_channels()
    {
        float[] pixels = SmallModels.Pixels(SmallModels.Length);
        using OnnxRuntimeClassifier model = Open(SmallModels.Linear(), Options with { Mean = [0.5f], StandardDeviation = [0.25f] });
        Assert.Equal(pixels.Select(pixel => (pixel - 0.5f) / 0.25f), Run(model, pixels).Embeddings);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_fixed_batch_size_is_honoured_whatever_the_number_of_images(int batch)
    {
        using OnnxRuntimeClassifier fixedBatch = Open(SmallModels.Linear(batch));
        using OnnxRuntimeClassifier variable = Open(SmallModels.Linear());
        Assert.Equal(batch, fixedBatch.PreferredBatch);
        foreach (int count in new[] { 1, 3, 4, 9 })
        {
            float[] pixels = SmallModels.Pixels(count * SmallModels.Length);
            AssertSame(variable, fixedBatch, pixels);
        }
    }

    [Fact]
    public void An_open_image_size_is_the_one_that_the_user_gives()
    {
        var graph = new Graph("open");
        graph.Input("input", "batch", 3, "height", "width");
        graph.Initializer("weight", TensorValue.Of([1f, 2, 3, 4, 5, 6], 2, 3));
        graph.Initializer("bias", TensorValue.Of([0f, 0], 2));
        graph.Add("GlobalAveragePool", ["input"], "pool");
        graph.Add("Flatten", ["pool"], "features");
        graph.Add("Gemm", ["features", "weight", "bias"], "logits", ("transB", 1L));
        graph.Output("logits", "batch", 2);

        Assert.Contains("Say which size", Fails(graph).Message);
        using OnnxRuntimeClassifier model = Open(graph, Options with { Input = new InputShape(3, 5, 7) });
        (float[] logits, float[] embedding) = Run(model, [.. Enumerable.Repeat(1f, 105)]);
        Assert.Equal([1f, 1, 1], embedding, new CloseTo(1e-6f));
        Assert.Equal([6f, 15], logits, new CloseTo(1e-5f));
    }

    [Theory]
    [InlineData("Softmax")]
    [InlineData("Softmax", "Reshape")]
    [InlineData("Softmax", "Identity", "Flatten")]
    public void A_model_that_ends_in_probabilities_gives_the_logits_before_them(params string[] tail)
    {
        Graph graph = SmallModels.Linear();
        string value = "logits";
        graph.Initializer("shape", TensorValue.Of([-1L, 4], 2));
        foreach (string type in tail)
        {
            value = graph.Add(type, type == "Reshape" ? [value, "shape"] : [value], type);
        }

        graph.Outputs.Clear();
        graph.Output(value, "batch", 4);
        using OnnxRuntimeClassifier model = Open(graph);
        using OnnxRuntimeClassifier plain = Open(SmallModels.Linear());
        AssertSame(plain, model, SmallModels.Pixels(3 * SmallModels.Length));
    }

    [Fact]
    public void Logits_of_the_form_N_K_1_1_are_logits()
    {
        Graph graph = SmallModels.Linear();
        graph.Initializer("axes", TensorValue.Of([2L, 3], 2));
        graph.Add("Unsqueeze", ["logits", "axes"], "unsqueezed");
        graph.Outputs.Clear();
        graph.Output("unsqueezed", "batch", 4, 1, 1);
        using OnnxRuntimeClassifier model = Open(graph);
        Assert.Equal(4, model.Classes);
        float[] pixels = SmallModels.Pixels(SmallModels.Length);
        Assert.Equal(SmallModels.LinearLogits(pixels), Run(model, pixels).Logits, new CloseTo(1e-5f));
    }

    [Fact]
    public void Any_value_of_the_graph_can_be_the_embedding()
    {
        Graph graph = Architecture.Build("resnet8-cifar", new InputShape(1, 12, 12), 5, seed: 3);
        using OnnxRuntimeClassifier pooled = Open(graph);
        Assert.Equal(("embedding", 64), (pooled.EmbeddingName, pooled.EmbeddingLength));
        using OnnxRuntimeClassifier maps = Open(graph, Options with { Embedding = "stage3.block0.relu" });
        Assert.Equal(64 * 3 * 3, maps.EmbeddingLength);
        using OnnxRuntimeClassifier logits = Open(graph, Options with { Embedding = "logits" });

        float[] pixels = SmallModels.Pixels(2 * 144);
        (_, float[] averages) = Run(pooled, pixels);
        (_, float[] values) = Run(maps, pixels);
        Assert.Equal(averages, values.Chunk(9).Select(map => map.Average()), new CloseTo(1e-5f));
        (float[] ofLogits, float[] alsoLogits) = Run(logits, pixels);
        Assert.Equal(ofLogits, alsoLogits);
    }

    [Fact]
    public void A_model_without_a_fully_connected_layer_has_no_embedding_of_its_own()
    {
        var graph = new Graph("convolutional");
        graph.Input("input", "batch", 1, 4, 4);
        graph.Initializer("weight", TensorValue.Of([1f, 2, 3], 3, 1, 1, 1));
        graph.Add("Conv", ["input", "weight"], "conv");
        graph.Add("GlobalAveragePool", ["conv"], "pool");
        graph.Add("Flatten", ["pool"], "logits");
        graph.Output("logits", "batch", 3);
        using OnnxRuntimeClassifier model = Open(graph);
        Assert.Equal(0, model.EmbeddingLength);
        Assert.Equal(3, model.Classes);
    }

    [Fact]
    public void The_name_of_no_value_as_embedding_shows_the_nearest_names()
    {
        Graph graph = Architecture.Build("resnet8-cifar", new InputShape(1, 12, 12), 5, seed: 3);
        AuditException error = Fails(graph, Options with { Embedding = "embeding" });
        Assert.Contains("Did you mean 'embedding'?", error.Message);
        Assert.Equal(ExitCode.Usage, error.ExitCode);
    }

    [Theory]
    [InlineData("lenet-300-100")]
    [InlineData("lenet-5-caffe")]
    [InlineData("resnet8-cifar")]
    public void What_is_said_of_an_image_does_not_depend_on_its_batch_or_the_threads(string architecture)
    {
        var input = new InputShape(3, 32, 32);
        Graph graph = Architecture.Build(architecture, input, 10, seed: 5);
        const int Count = 41;
        float[] pixels = SmallModels.Pixels(Count * input.Length);
        using OnnxRuntimeClassifier one = Open(graph, Options with { Threads = 1 });
        (float[] expected, float[] embeddings) = Run(one, pixels);
        using OnnxRuntimeClassifier two = Open(graph, Options with { Threads = 3 });
        foreach (int batch in new[] { 1, 2, 5, 32 })
        {
            float[][] parts = [.. pixels.Chunk(batch * input.Length)];
            Assert.Equal(expected, parts.SelectMany(part => Run(two, part).Logits));
            Assert.Equal(embeddings, parts.SelectMany(part => Run(two, part).Embeddings));
        }
    }

    [Fact]
    public void A_model_whose_sums_depend_on_the_batch_size_in_ONNX_Runtime_is_made_not_to()
    {
        // ONNX Runtime adds the 64 tokens up in another order when there is only one image.
        var graph = new Graph("tokens");
        graph.Input("input", "batch", 3, 32, 32);
        graph.Initializer("shape", TensorValue.Of([0L, 64, 48], 3));
        graph.Initializer("weight", TensorValue.Of(SmallModels.Pixels(480), 48, 10));
        graph.Add("Reshape", ["input", "shape"], "tokens");
        graph.Add("ReduceMean", ["tokens"], "mean", ("axes", new long[] { 1 }), ("keepdims", 0L));
        graph.Add("MatMul", ["mean", "weight"], "logits");
        graph.Output("logits", "batch", 10);

        float[] pixels = SmallModels.Pixels(40 * 3072);
        using var session = new InferenceSession(OnnxFile.ToBytes(graph), new SessionOptions { IntraOpNumThreads = 2 });
        Assert.NotEqual(Raw(40), Enumerable.Range(0, 40).SelectMany(i => Raw(1, i)));

        using OnnxRuntimeClassifier model = Open(graph);
        float[] together = Run(model, pixels).Logits;
        Assert.Equal(together, pixels.Chunk(3072).SelectMany(image => Run(model, image).Logits));
        Assert.Equal(together, pixels.Chunk(7 * 3072).SelectMany(images => Run(model, images).Logits));

        float[] Raw(int count, int first = 0)
        {
            Memory<float> images = pixels.AsMemory(first * 3072, count * 3072);
            using OrtValue value = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, images, [count, 3, 32, 32]);
            using var options = new RunOptions();
            using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(options, ["input"], [value], ["logits"]);
            return outputs[0].GetTensorDataAsSpan<float>().ToArray();
        }
    }

    [Fact]
    public void Nothing_is_reported_to_the_maker_of_ONNX_Runtime()
    {
        Assert.SkipUnless(File.Exists("/proc/self/maps"), "reads /proc");
        using OnnxRuntimeClassifier model = Open(SmallModels.Linear());
        // Its telemetry queues events in ~/.cache/Microsoft/DeveloperTools/.onnxruntime/onnxruntime.db, mapped into memory.
        Assert.DoesNotContain("DeveloperTools", File.ReadAllText("/proc/self/maps"));
    }

    [Fact]
    public void A_batch_runs_without_allocating()
    {
        using OnnxRuntimeClassifier model = Open(SmallModels.Linear(), Options with { Mean = [0.5f] });
        float[] pixels = SmallModels.Pixels(8 * SmallModels.Length);
        float[] logits = new float[8 * 4];
        float[] embeddings = new float[8 * 12];
        model.Run(pixels, 8, logits, embeddings);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            model.Run(pixels, 8, logits, embeddings);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private OnnxRuntimeClassifier Open(Graph graph, ClassifierOptions? options = null)
    {
        string path = Path.Combine(_folder, "model.onnx");
        OnnxFile.Write(graph, path);
        return new OnnxRuntimeClassifier(path, options ?? Options);
    }

    private AuditException Fails(Graph graph, ClassifierOptions? options = null) =>
        Assert.Throws<AuditException>(() => Open(graph, options));

    private static void AssertSame(OnnxRuntimeClassifier expected, OnnxRuntimeClassifier actual, float[] pixels)
    {
        Assert.Equal(Run(expected, pixels).Logits, Run(actual, pixels).Logits);
        Assert.Equal(Run(expected, pixels).Embeddings, Run(actual, pixels).Embeddings);
    }

    private static (float[] Logits, float[] Embeddings) Run(OnnxRuntimeClassifier model, float[] pixels)
    {
        int count = pixels.Length / model.Input.Length;
        float[] logits = new float[count * model.Classes];
        float[] embeddings = new float[count * model.EmbeddingLength];
        model.Run(pixels, count, logits, embeddings);
        return (logits, embeddings);
    }
}
