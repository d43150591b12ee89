using AuditKit.Checks.Weights;
using AuditKit.Models;
using AuditKit.Models.Onnx;
using AuditKit.Training.Graphs;
using AuditKit.Training.Tests.Conformance;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Graphs;

/// <summary>Vision transformers and ConvNeXt as exporters write them.</summary>
public sealed class TransformerTests : IDisposable
{
    private readonly string _path = Path.ChangeExtension(Path.GetTempFileName(), ".onnx");

    public static TheoryData<string> Cases => [.. TransformerGraphs.All.Keys];

    public void Dispose() => File.Delete(_path);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Both_engines_give_the_same_logits_for_any_number_of_images(string name)
    {
        Graph graph = TransformerGraphs.All[name]();
        foreach (int count in new[] { 1, 3 })
        {
            TensorValue images = TensorValue.Of(Pixels(count), count, 3, 16, 16);
            TensorValue expected = Engines.RunOnnxRuntime(graph, images)[0];
            TensorValue actual = Engines.RunLibtorch(graph, images)[0];
            Assert.Equal([count, 5], actual.Dimensions);
            Assert.InRange(Engines.LargestDifference(expected, actual), 0, 2e-5);
            Assert.True(expected.As<float>().ToArray().Max(Math.Abs) > 0.3);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_weight_is_trained_and_the_image_has_a_gradient(string name)
    {
        Graph graph = TransformerGraphs.All[name]();
        using (DisposeScope scope = NewDisposeScope())
        {
            using var module = new GraphModule(graph) { Training = true };
            module.Forward(tensor(Pixels(2), [2, 3, 16, 16])).square().mean().backward();
            // A key's bias adds the same to every weight of a softmax, which does not see it: its gradient is 0 but for rounding.
            Assert.All(module.Parameters, parameter => Assert.NotNull(parameter.Value.grad));
            Assert.All(module.Parameters.Values.Where(parameter => parameter.ndim > 1), matrix => Assert.True(matrix.grad!.abs().max().item<float>() > 1e-6f));
            Assert.Equal(
                graph.Initializers.Where(entry => entry.Value.Type == ElementType.Float && entry.Value.Dimensions.Length > 0).Select(entry => entry.Key),
                module.Parameters.Keys);
        }

        OnnxFile.Write(graph, _path);
        using var model = new GraphGradients(_path, new() { Threads = 2 });
        float[] pixels = Pixels(1);
        float[] gradient = new float[pixels.Length];
        model.Backward(pixels, 1, new float[5], (_, g) => g[2] = 1, gradient);
        double norm = Math.Sqrt(gradient.Sum(value => (double)value * value));
        Assert.Equal(1, (Along(3e-3) - Along(-3e-3)) / (6e-3 * norm), 0.02);

        double Along(double step)
        {
            float[] logits = new float[5];
            model.Backward([.. pixels.Zip(gradient, (x, g) => (float)(x + (step * g / norm)))], 1, logits, (_, _) => { }, new float[pixels.Length]);
            return logits[2];
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void All_layers_weights_are_found(string name)
    {
        Graph graph = TransformerGraphs.All[name]();
        OnnxFile.Write(graph, _path);
        (IReadOnlyList<WeightLayer> layers, IReadOnlyList<string> leftOut) = LinearLayers.Find(ClassifierGraph.Read(_path));
        Assert.Empty(leftOut);
        Assert.Equal(
            graph.Nodes.Where(node => node.Type is "Conv" or "Gemm" or "MatMul" && graph.Initializers.ContainsKey(node.Inputs[1]))
                .Select(node => node.Inputs[1]),
            layers.Select(layer => layer.Name));
        // Patches do not overlap: the patch embedding has the singular values of its kernels.
        Assert.True(layers[0].Window!.IsBlockDiagonal);
    }

    private static float[] Pixels(int count)
    {
        var random = CounterRandom.For(1, "test pixels", 0);
        return [.. Enumerable.Range(0, count * 3 * 16 * 16).Select(_ => (float)random.NextDouble())];
    }
}
