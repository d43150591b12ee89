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

    [Fact]
    public void What_is_kept_of_a_set_is_kept_of_a_part_of_it()
    {
        var input = new InputShape(1, 8, 8);
        using var network = new GraphModule(Architecture.Build("resnet8-cifar", input, 2, seed: 3));
        using var data = new StripesDataset(20, seed: 1);
        string value = ClassifierGraph.Of(network.Graph).Embedding!;
        // Numbers that the network would not give: they are taken, not computed.
        var kept = new KeptEmbeddings(value, [64], [.. Enumerable.Range(0, 4 * 64).Select(i => (float)i)]);
        TrainingSet part = new TrainingSet(data, new InputTransform(input), [19, 3, 8, 5], GroupTable.Of(data, "side")) { Kept = kept }.Part([2, 0, 1]);

        var embeddings = Embeddings.Of(network, value, new Normalisation(input, [0.4f], [0.25f]), part, batch: 2, _ => { }, CancellationToken.None);

        Assert.Equal([8, 19, 3], part.Images);
        Assert.Equal([.. kept.Rows[128..192], .. kept.Rows[..128]], embeddings.Values);
    }
}
