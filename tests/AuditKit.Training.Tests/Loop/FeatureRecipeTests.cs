using AuditKit.Imaging;
using AuditKit.Models;
using AuditKit.Models.Architectures;
using AuditKit.Models.Onnx;
using AuditKit.Training.Loop;
using AuditKit.Training.Remedies;

namespace AuditKit.Training.Tests.Loop;

public sealed class FeatureRecipeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("auditkit-features").FullName;

    public FeatureRecipeTests()
    {
        using var stripes = new StripesDataset(48, seed: 1);
        for (int i = 0; i < stripes.Count; i++)
        {
            string file = Path.Combine(_folder, "images", stripes.Classes[stripes.Label(i)], $"{i}.png");
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, Png.Encode(stripes.Load(i)));
        }

        // A classifier of ten classes at another size, in batches of one, as an export may leave it.
        Graph source = Architecture.Build("resnet8-cifar", new InputShape(1, 12, 12), 10, seed: 1);
        source.Inputs[0] = new GraphValue("input", ElementType.Float, [1, 1, 12, 12]);
        OnnxFile.Write(source, Path.Combine(_folder, "source.onnx"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("head", "")]
    [InlineData("last-block", "augmentation: { flip: true }")]
    [InlineData("all", "optimiser: { name: adam, rate: 0.001, head-rate: 0.01 }")]
    public void A_classifier_of_other_classes_gets_a_head_and_trains_on(string train, string extra)
    {
        (Recipe recipe, TrainingRecord record) = Run($"features: source.onnx, head: linear, train: {train}, input: [1, 8, 8]", extra, "run");
        string file = Path.Combine(_folder, "run", "model.onnx");
        using (var model = new OnnxRuntimeClassifier(file, recipe.Model.Options(Device.Cpu, 1)))
        {
            Assert.Equal((2, new InputShape(1, 8, 8), 64), (model.Classes, model.Input, model.EmbeddingLength));
        }

        Assert.StartsWith("features of source.onnx and a linear head, trained: ", record.Architecture);
        Assert.Equal(["card.md", "model.onnx", "training.json"], Directory.GetFiles(Path.Combine(_folder, "run")).Select(Path.GetFileName).Order());
        Assert.DoesNotContain("were fused", string.Join(' ', record.Notes));
        Graph source = OnnxFile.Read(Path.Combine(_folder, "source.onnx")), trained = OnnxFile.Read(file);
        Assert.Equal(train == "all", !source.Initializers["stem.conv.weight"].ContentEquals(trained.Initializers["stem.conv.weight"]));
        Assert.Equal(train == "head", source.Initializers["stage3.block0.conv2.weight"].ContentEquals(trained.Initializers["stage3.block0.conv2.weight"]));

        // 32 filters of 3×3 by 64, then 64 of 3×3 by 64, with their batch norms, before the head.
        long head = (2 * 64) + 2, all = record.Parameters;
        Assert.Equal(train == "head" ? head : train == "all" ? null : record.Trained, record.Trained);
        string card = File.ReadAllText(Path.Combine(_folder, "run", "card.md"));
        Assert.Contains(train == "all" ? $"{all} trained parameters |" : $"{all} parameters, {record.Trained} of them trained |", card, StringComparison.Ordinal);

        // The result is an ordinary model, to go on from.
        (_, TrainingRecord further) = Run("path: run/model.onnx, train: head", "", "further");
        Assert.Equal(record.Parameters, further.Parameters);
    }

    [Theory]
    [InlineData("features: nothing.onnx", "", "there is no file 'nothing.onnx', and no backbone of this name is listed")]
    [InlineData("features: resnet18-imagnet", "", "Did you mean 'resnet18-imagenet'?")]
    [InlineData("features: source.onnx, head: cubic", "", "linear")]
    [InlineData("path: source.onnx, head: linear", "", "'head' needs 'features'")]
    [InlineData("path: source.onnx, embedding: pool", "", "'embedding' needs 'features'")]
    [InlineData("features: source.onnx, path: source.onnx", "", "needs one of 'architecture'")]
    [InlineData("features: source.onnx, start: orthogonal", "", "leave out 'start' or 'features'")]
    [InlineData("architecture: resnet8-cifar, train: head", "", "must all be trained")]
    [InlineData("features: source.onnx, train: tail", "", "last-block")]
    [InlineData("features: source.onnx, train: head", "augmentation: { crop: 2 }", "Leave out 'augmentation'")]
    [InlineData("features: source.onnx, embedding: nowhere", "", "no value of the model is named 'nowhere'")]
    [InlineData("features: source.onnx, input: [3, 8, 8]", "", "the channels differ")]
    [InlineData("path: one-class.onnx, input: [1, 8, 8]", "", "has 2 classes, and")]
    public void What_cannot_be_trained_is_one_error_before_training(string model, string extra, string why)
    {
        OnnxFile.Write(Architecture.Build("resnet8-cifar", new InputShape(1, 8, 8), 2, seed: 1), Path.Combine(_folder, "one-class.onnx"));
        if (model.Contains("one-class", StringComparison.Ordinal))
        {
            string third = Directory.CreateDirectory(Path.Combine(_folder, "images", "waves")).FullName;
            foreach (string file in Directory.GetFiles(Path.Combine(_folder, "images", "horizontal")))
            {
                File.Copy(file, Path.Combine(third, Path.GetFileName(file)));
            }
        }

        var steps = new List<string>();
        var error = Assert.Throws<AuditException>(() => Run(model, extra, "run", steps.Add));
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, error.ExitCode);
        Assert.Empty(steps);
    }

    [Fact]
    public void A_listed_backbone_brings_its_preprocessing_and_keys_beside_it_win()
    {
        ModelSpec Model(string more) => Load($"features: resnet18-imagenet{more}", "", preprocessing: false).Model;
        ModelSpec plain = Model("");
        Assert.Equal((PixelRange.Bytes, ChannelOrder.Bgr, 3, 3), (plain.Range, plain.Channels, plain.Mean.Count, plain.Std.Count));
        Assert.Equal(ChannelOrder.Rgb, Model(", channels: rgb").Channels);
        Assert.Equal([0.485, 0.456, 0.406], Model(", preprocess: imagenet-224").Mean);
    }

    private (Recipe Recipe, TrainingRecord Record) Run(string model, string extra, string run, Action<string>? step = null)
    {
        Recipe recipe = Load(model, extra);
        return (recipe, TrainingRun.Run(
            recipe, Path.Combine(_folder, run), Device.Cpu, threads: 1, (name, _, _) => step?.Invoke(name), CancellationToken.None).Record);
    }

    private Recipe Load(string model, string extra, bool preprocessing = true)
    {
        string file = Path.Combine(_folder, "recipe.yaml");
        string optimiser = extra.Contains("optimiser", StringComparison.Ordinal) ? "" : "optimiser: { name: sgd, rate: 0.01 }";
        File.WriteAllText(file, $$"""
            name: stripes
            model: { {{model}}{{(preprocessing ? ", mean: [0.4], std: [0.25]" : "")}} }
            data: { path: images }
            test: { path: images }
            validation: 0.2
            seed: 1
            epochs: 1
            batch: 16
            {{optimiser}}
            {{extra}}
            """);
        return Recipe.Load(file, [], MethodCatalog.Key);
    }
}
