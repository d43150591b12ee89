using AuditKit.Imaging;
using AuditKit.Models.Architectures;
using AuditKit.Models.Onnx;
using AuditKit.Training.Loop;

namespace AuditKit.Training.Tests.Loop;

public sealed class TrainingRunTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("auditkit-run").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void An_attribute_is_needed_for_training_alone()
    {
        using var stripes = new StripesDataset(120, seed: 1);
        var list = new StringWriter();
        list.WriteLine("path,label,side");
        for (int i = 0; i < stripes.Count; i++)
        {
            string split = i < 90 ? "train" : $"test/{stripes.Classes[stripes.Label(i)]}";
            string file = Path.Combine(_folder, split, $"{i}.png");
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, Png.Encode(stripes.Load(i)));
            if (i < 90)
            {
                list.WriteLine($"{i}.png,{stripes.Label(i)},{stripes.Attribute("side", i)}");
            }
        }

        File.WriteAllText(Path.Combine(_folder, "train", "list.csv"), list.ToString());
        string recipe = Path.Combine(_folder, "recipe.yaml");
        File.WriteAllText(recipe, """
            name: stripes
            model: { architecture: resnet8-cifar, mean: [0.4], std: [0.25] }
            data: { path: train, format: manifest, classes: [horizontal, vertical] }
            test: { path: test, format: folder }
            group-attribute: side
            seed: 1
            epochs: 1
            batch: 16
            optimiser: { name: adam, rate: 0.001 }
            method: { name: aairm }
            """);

        string run = Path.Combine(_folder, "run");
        (ModelCard card, _) = TrainingRun.Run(Recipe.Load(recipe, []), run, default, threads: 1, (_, _, _) => { }, CancellationToken.None);

        Assert.Equal([("horizontal", 15), ("vertical", 15)], card.Test.Select(row => (row.Group, row.Count)));
        Assert.Contains("## Test accuracy by class\n", card.ToMarkdown());
        Assert.Contains("The attribute 'side' (common, rare) was hidden", card.ToMarkdown());
        // Nothing of the method is left in the model.
        Graph trained = OnnxFile.Read(Path.Combine(run, "model.onnx"));
        Graph built = Architecture.Build("resnet8-cifar", new InputShape(1, 8, 8), 2, seed: 1);
        Assert.Equal(built.Initializers.Keys, trained.Initializers.Keys);
        Assert.Equal(built.Nodes.Count, trained.Nodes.Count);
    }

    [Theory]
    [InlineData("resnet8-cifar", false)]
    [InlineData("lenet-5-caffe", true)]
    public void A_start_model_without_batch_norm_is_trained_without_and_the_card_says_so(string architecture, bool isSaid)
    {
        using var stripes = new StripesDataset(64, seed: 1);
        for (int i = 0; i < stripes.Count; i++)
        {
            string file = Path.Combine(_folder, "images", stripes.Classes[stripes.Label(i)], $"{i}.png");
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, Png.Encode(stripes.Load(i)));
        }

        OnnxFile.Write(Architecture.Build(architecture, new InputShape(1, 28, 28), 2, seed: 1), Path.Combine(_folder, "start.onnx"));
        string recipe = Path.Combine(_folder, "recipe.yaml");
        File.WriteAllText(recipe, """
            name: stripes
            model: { path: start.onnx, mean: [0.4], std: [0.25], resize: 28 }
            data: { path: images }
            test: { path: images }
            seed: 1
            epochs: 1
            batch: 16
            optimiser: { name: sgd, rate: 0.01 }
            """);

        (ModelCard card, _) = TrainingRun.Run(Recipe.Load(recipe, []), Path.Combine(_folder, "run"), default, threads: 1, (_, _, _) => { }, CancellationToken.None);

        Assert.Equal(isSaid, card.ToMarkdown().Contains("batch norms that it may have had were fused", StringComparison.Ordinal));
    }
}
