using AuditKit.Models;
using AuditKit.Models.Onnx;
using AuditKit.Proposals;

namespace AuditKit.Tests.Proposals;

public sealed class PreprocessingSearchTests
{
    public static TheoryData<int, string> Usual =>
        [.. from channels in new[] { 1, 3 } from usual in UsualPreprocessing.For(channels, channels == 3) select (channels, usual.Name)];

    [Theory]
    [MemberData(nameof(Usual))]
    public void The_preprocessing_that_a_model_was_made_for_is_found(int channels, string name)
    {
        UsualPreprocessing made = UsualPreprocessing.For(channels, channels == 3).Single(usual => usual.Name == name);
        PreprocessingChoice choice = Search(new ColourTask(channels, 3000), ColourTask.Model(made, channels));
        Assert.True(choice.Best.Pixels.Name == name, string.Join("; ", PreprocessingWords.Of(choice)));
        Assert.True(choice.BeatsChance);
        Assert.Null(choice.Order);
    }

    [Fact]
    public void Classes_in_another_order_are_found_with_a_hundred_images()
    {
        UsualPreprocessing made = UsualPreprocessing.For(3, coloured: true)[3];
        // As text, 10 stands before 2; the model counts from 1 to 10.
        string[] names = [.. Enumerable.Range(1, 10).Select(k => $"{k}").Order(StringComparer.Ordinal)];
        var data = new ColourTask(3, 100) { Classes = names, LabelOf = k => Array.IndexOf(names, $"{k + 1}") };
        PreprocessingChoice choice = Search(data, ColourTask.Model(made, 3));
        Assert.NotNull(choice.Order);
        Assert.Equal(Enumerable.Range(1, 10).Select(k => $"{k}"), choice.Order.LabelOf.Select(label => names[label]));
        Assert.Equal(made.Name, choice.Best.Pixels.Name);
    }

    [Fact]
    public void Labels_that_say_nothing_of_the_images_are_said_to_be_no_better_than_chance()
    {
        var data = new Unlabelled(new ColourTask(3, 400));
        PreprocessingChoice choice = Search(data, ColourTask.Model(UsualPreprocessing.For(3, coloured: true)[0], 3));
        Assert.False(choice.BeatsChance);
        Assert.Null(choice.Order);
        Assert.Contains("DOUBTFUL", string.Join(' ', PreprocessingWords.Of(choice)));
    }

    [Fact]
    public void Images_of_another_size_are_tried_with_every_sizing()
    {
        UsualPreprocessing made = UsualPreprocessing.For(3, coloured: true)[0];
        PreprocessingChoice choice = Search(new ColourTask(3, 200, side: 20), ColourTask.Model(made, 3));
        Assert.Equal(4, choice.Tried.Select(tried => tried.Sizing).Distinct().Count());
        Assert.Equal(made.Name, choice.Best.Pixels.Name);
    }

    [Fact]
    public void An_unusual_preprocessing_that_a_note_names_is_found_and_a_wrong_note_is_not_followed()
    {
        var made = new UsualPreprocessing("made", PixelRange.Unit, [0.9, 0.1, 0.4], [0.2, 0.8, 0.4], ChannelOrder.Rgb);
        const string True = """{"do_resize": false, "image_mean": [0.9, 0.1, 0.4], "image_std": [0.2, 0.8, 0.4]}""";
        const string Wrong = """{"do_resize": false, "image_mean": [0.1, 0.9, 0.4], "image_std": [0.2, 0.8, 0.4]}""";
        Assert.Equal("as preprocessor_config.json says", Search(new ColourTask(3, 1000), ColourTask.Model(made, 3), True).Best.Pixels.Name);
        Assert.NotEqual("as preprocessor_config.json says", Search(new ColourTask(3, 1000), ColourTask.Model(made, 3), Wrong).Best.Pixels.Name);
    }

    [Fact]
    public void A_usual_preprocessing_that_a_note_names_is_tried_once_and_called_by_both_names()
    {
        UsualPreprocessing made = UsualPreprocessing.For(3, coloured: true).Single(usual => usual.Name == "ImageNet mean and std");
        PreprocessingChoice choice = Search(new ColourTask(3, 1000), ColourTask.Model(made, 3),
            """{"do_resize": false, "image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]}""");
        Assert.Equal("ImageNet mean and std (as preprocessor_config.json says)", choice.Best.Pixels.Name);
        Assert.Single(choice.Tried, tried => tried.Pixels.IsThatOf(made));
    }

    [Fact]
    public void A_sizing_that_a_note_names_is_tried_first()
    {
        PreprocessingChoice choice = Search(new ColourTask(3, 200, side: 20), ColourTask.Model(UsualPreprocessing.For(3, coloured: true)[0], 3),
            """{"do_normalize": false, "size": {"shortest_edge": 13}, "do_center_crop": true, "crop_size": 8}""");
        Assert.Equal(5, choice.Tried.Select(tried => tried.Sizing).Distinct().Count());
        Assert.Contains(choice.Tried, tried => tried.Sizing.Name == "shorter side 13, centre cut out (as preprocessor_config.json says)");
    }

    // Somebody's trained network, as exports usually have it: normalised outside, or inside from bytes or from pixels in [-1, 1].
    [Theory]
    [InlineData("ImageNet mean and std", 1, 0)]
    [InlineData("pixels / 255", 1, 1)]
    [InlineData("pixels from 0 to 255", 1 / 255.0, 1)]
    public void A_trained_ResNet_20_is_used_as_it_was_trained(string expected, double scale, int normalisesItself)
    {
        Graph graph = OnnxFile.Read(Repository.Shared("models/cifar10-resnet20.onnx"));
        if (normalisesItself == 1)
        {
            graph.Initializer("scale", TensorValue.Of([(float)(scale / 0.229), (float)(scale / 0.224), (float)(scale / 0.225)], 1, 3, 1, 1));
            graph.Initializer("shift", TensorValue.Of([-0.485f / 0.229f, -0.456f / 0.224f, -0.406f / 0.225f], 1, 3, 1, 1));
            GraphValue input = graph.Inputs.Single(value => value.Name == "input");
            graph.Inputs[graph.Inputs.IndexOf(input)] = input with { Name = "pixels" };
            graph.Nodes.Insert(0, new Node("Add", ["scaled", "shift"], ["input"]));
            graph.Nodes.Insert(0, new Node("Mul", ["pixels", "scale"], ["scaled"]));
        }

        using AuditKit.Data.IDataset data = AuditKit.Data.DatasetCatalog.Open(
            AuditKit.Data.DataSpec.At(Repository.Shared("data/cifar-10-batches-bin"), split: "test"));
        Assert.Equal(expected, Search(data, graph).Best.Pixels.Name);
    }

    private static PreprocessingChoice Search(AuditKit.Data.IDataset data, Graph graph, string? beside = null)
    {
        string file = Path.Combine(Directory.CreateTempSubdirectory("auditkit-").FullName, "model.onnx");
        try
        {
            if (beside is not null)
            {
                File.WriteAllText(Path.Combine(Path.GetDirectoryName(file)!, "preprocessor_config.json"), beside);
            }

            OnnxFile.Write(graph, file);
            using AuditedModel model = new OnnxModels(default, 2).Open(new ModelSpec { Path = file }.WithoutPreprocessing());
            return new PreprocessingSearch(model, data, 2).Run((_, _, _) => { }, CancellationToken.None);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        }
    }

    /// <summary>Labels drawn at random.</summary>
    private sealed class Unlabelled(ColourTask images) : AuditKit.Data.IDataset
    {
        public string Name => images.Name;

        public string Format => images.Format;

        public IReadOnlyList<string> Files => [];

        public int Count => images.Count;

        public IReadOnlyList<string> Classes => images.Classes;

        public IReadOnlyList<string> Attributes => [];

        public int Label(int index) => CounterRandom.For(3, "labels", index).NextInt32(ColourTask.Count10);

        public string Attribute(string name, int index) => images.Attribute(name, index);

        public string Source(int index) => images.Source(index);

        public AuditKit.Imaging.Image Load(int index) => images.Load(index);

        public void Dispose() => images.Dispose();
    }
}
