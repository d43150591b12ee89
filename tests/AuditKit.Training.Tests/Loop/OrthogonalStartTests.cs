using AuditKit.Checks.Weights;
using AuditKit.Imaging;
using AuditKit.Models;
using AuditKit.Models.Architectures;
using AuditKit.Models.Onnx;
using AuditKit.Training.Graphs;
using AuditKit.Training.Loop;
using AuditKit.Training.Remedies;

namespace AuditKit.Training.Tests.Loop;

public sealed class OrthogonalStartTests
{
    private static readonly InputShape Input = new(3, 16, 16);

    [Theory]
    [InlineData("resnet8-cifar")]
    [InlineData("resnet18")]
    [InlineData("lenet-5-caffe")]
    public void Every_layer_has_the_identity_for_V(string architecture)
    {
        Graph graph = Architecture.Build(architecture, new InputShape(3, 28, 28), 10, seed: 5);
        using (var network = new GraphModule(graph))
        {
            OrthogonalStart.Draw(network, seed: 5);
        }

        IReadOnlyList<WeightLayer> layers = WeightLayer.Find(ClassifierGraph.Of(graph, new ClassifierOptions { Input = new InputShape(3, 28, 28) })).Layers;
        Assert.NotEmpty(layers);
        Assert.All(layers.Where(layer => layer.Filters[0].Length <= 64 * 9), layer =>
        {
            FrameBounds bounds = layer.PeriodicBounds(2, CancellationToken.None);
            // A window that skips places keeps nothing of what lies there.
            bool skips = layer.Window is { } window && window.KernelHeight < window.StrideY && window.Filters > window.Channels;
            Assert.Equal(skips ? 0 : 1, bounds.A, 1e-5);
            Assert.Equal(1, bounds.B, 1e-5);
        });
    }

    [Fact]
    public void Draws_are_those_of_the_seed()
    {
        Assert.Equal(Weights(1), Weights(1));
        Assert.NotEqual(Weights(1), Weights(2));

        static float[] Weights(long seed)
        {
            Graph graph = Architecture.Build("resnet8-cifar", Input, 10, seed: 0);
            using var network = new GraphModule(graph);
            OrthogonalStart.Draw(network, seed);
            return [.. graph.Initializers["stage2.block0.conv1.weight"].As<float>()];
        }
    }

    [Fact]
    public void A_start_model_has_weights_of_its_own()
    {
        string file = Path.GetTempFileName();
        File.WriteAllText(file, """
            name: contradiction
            model: { path: model.onnx, start: orthogonal, mean: [0.5], std: [0.5] }
            data: { name: fashion-mnist }
            test: { name: fashion-mnist }
            seed: 1
            epochs: 1
            optimiser: { name: sgd, rate: 0.01 }
            """);
        var e = Assert.Throws<AuditException>(() => Recipe.Load(file, [], MethodCatalog.Key));
        File.Delete(file);
        Assert.Contains("leave out 'start' or 'path'", e.Message);
    }
}
