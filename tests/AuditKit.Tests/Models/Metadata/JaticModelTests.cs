using AuditKit.Models;
using AuditKit.Models.Metadata;
using AuditKit.Models.Onnx;

namespace AuditKit.Tests.Models.Metadata;

public sealed class JaticModelTests : IDisposable
{
    private static readonly string[] s_classes = ["cat", "dog", "owl", "fox"];

    private readonly string _folder = Directory.CreateTempSubdirectory("auditkit-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string> Uses => ["plain", "normalised", "caffe", "taken names", "fixed batch"];

    [Theory]
    [MemberData(nameof(Uses))]
    public void It_takes_pixels_as_they_are_and_gives_the_audited_models_probabilities(string use)
    {
        string file = Path.Combine(_folder, "model.onnx"), target = Path.Combine(_folder, "jatic");
        Graph graph = use == "taken names" ? Renamed() : SmallModels.Linear(use == "fixed batch" ? 2 : null);
        var spec = new ModelSpec { Path = file };
        spec = use switch
        {
            "normalised" => spec with { Mean = [0.1, 0.2, 0.3], Std = [0.5, 0.6, 0.7] },
            "caffe" => spec with { Mean = [103.9, 116.8, 123.7], Std = [1, 1, 1], Range = PixelRange.Bytes, Channels = ChannelOrder.Bgr },
            _ => spec,
        };
        OnnxFile.Write(graph, file);
        string[] files = [.. JaticModel.Write(target, OnnxFile.Read(file), spec, s_classes)];
        Assert.Equal(["model.onnx", "model-metadata.json"], files.Select(Path.GetFileName));

        Graph written = OnnxFile.Read(files[0]);
        Assert.Equal("image", Assert.Single(written.RequiredInputs).Name);
        Assert.Equal("scores", Assert.Single(written.Outputs).Name);
        Assert.Contains(written.Nodes, node => node.Type == "Softmax" && node.Outputs.Contains("scores"));

        float[] pixels = SmallModels.Pixels(2 * SmallModels.Length), expected = new float[8], actual = new float[8];
        using AuditedModel audited = new OnnxModels(default, 1).Open(spec);
        audited.Classifier.Run(pixels, 2, expected, []);
        using AuditedModel exported = new OnnxModels(default, 1).Open(new ModelSpec { Path = files[0] });
        exported.Classifier.Run(pixels, 2, actual, []);
        float scale = expected.Max(Math.Abs);
        Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.Second, pair.First - (1e-5 * scale), pair.First + (1e-5 * scale)));

        ModelNote note = Assert.Single(exported.Notes.Notes);
        Assert.Equal(s_classes, note.Classes);
        Assert.Equal(audited.Classifier.Input, note.Input);
        Assert.Contains($"\"batchSize\": {(use == "fixed batch" ? "2" : "-1")}", File.ReadAllText(files[1]));
    }

    // A model whose own values have the interface's names.
    private static Graph Renamed()
    {
        Graph plain = SmallModels.Linear(), graph = new("taken");
        graph.Input("image", "batch", 3, 2, 2);
        foreach ((string name, TensorValue value) in plain.Initializers)
        {
            graph.Initializer(name, value);
        }

        graph.Add("Flatten", ["image"], "flat");
        graph.Add("Gemm", ["flat", "weight", "bias"], "scores", ("transB", 1L));
        graph.Output("scores", "batch", SmallModels.Classes);
        return graph;
    }
}
