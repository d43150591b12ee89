using AuditKit.Imaging;
using AuditKit.Models;
using AuditKit.Models.Architectures;
using AuditKit.Training.Graphs;
using AuditKit.Training.Loop;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Loop;

public sealed class EmbeddingsTests
{
    [Fact]
    public void Every_image_has_the_row_that_the_network_gives_it_alone()
    {
        var input = new InputShape(1, 8, 8);
        using var network = new GraphModule(Architecture.Build("resnet8-cifar", input, 2, seed: 3)) { Training = true };
        using var data = new StripesDataset(20, seed: 1);
        var transform = new InputTransform(input);
        int[] images = [19, 3, 3, 8, 0, 11, 5];
        var groups = GroupTable.Of(data, "side");
        var normalisation = new Normalisation(input, [0.4f], [0.25f]);
        string value = ClassifierGraph.Of(network.Graph).Embedding!;
        List<long> told = [];

        var embeddings = Embeddings.Of(
            network, value, normalisation, new TrainingSet(data, transform, images, groups), batch: 3, told.Add, CancellationToken.None);

        Assert.False(network.Training);
        Assert.Equal([3, 6, 7], told);
        Assert.Equal((7, 64), (embeddings.Count, embeddings.Length));
        Assert.Equal(images.Select(data.Label), embeddings.Classes);
        Assert.Equal(images.Select(image => groups[image]), embeddings.Groups);
        using IDisposable gradients = no_grad();
        foreach ((int row, int image) in images.Index())
        {
            float[] pixels = new float[64];
            transform.Apply(data.Load(image), pixels);
            float[] alone = [.. network.Run(tensor([.. pixels.Select(pixel => (pixel - 0.4f) / 0.25f)], [1, 1, 8, 8]), value)[0].data<float>()];
            Assert.All(alone.Zip(embeddings.Values.Skip(64 * row)), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        }
    }
}
