using AuditKit.Imaging;
using AuditKit.Models;
using AuditKit.Models.Features;
using AuditKit.Models.Onnx;
using AuditKit.Training.Backbones;
using AuditKit.Training.Graphs;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Backbones;

public sealed class ReferenceBackboneTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("auditkit-backbone").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("MIT", true, null)]
    [InlineData("GPL-3.0-only", true, "has the licence 'GPL-3.0-only', and 'MIT' is listed")]
    [InlineData("MIT", false, "is not tiny: its SHA-256 is")]
    [InlineData(null, true, "package.nuspec cannot be read")]
    public void A_file_of_another_digest_or_licence_is_refused(string? licence, bool isListed, string? why)
    {
        var graph = new Graph("tiny");
        graph.Input("input", "batch", 3, 2, 2);
        graph.Output(graph.Add("Flatten", ["input"], "features"), "batch", 12);
        string file = Path.Combine(_folder, "model.onnx");
        OnnxFile.Write(graph, file);
        if (licence is not null)
        {
            File.WriteAllText(Path.Combine(_folder, "package.nuspec"), $"""
                <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
                  <metadata><license type="expression">{licence}</license></metadata>
                </package>
                """);
        }

        ReferenceBackbone listed = ReferenceBackbone.All[0] with { Name = "tiny", Sha256 = isListed ? OnnxFile.Read(file).Sha256 : new string('0', 64) };
        if (why is null)
        {
            Assert.Single(BackboneFolder.Read(listed, _folder).Nodes);
            return;
        }

        var error = Assert.Throws<AuditException>(() => BackboneFolder.Read(listed, _folder));
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, error.ExitCode);
    }

    [Fact]
    public void The_listed_resnet_keeps_its_features_at_224_pixels_and_runs_alike_in_both_engines_at_96()
    {
        ReferenceBackbone resnet = ReferenceBackbone.Find("resnet18-imagenet")!;
        Assert.SkipUnless(BackboneFolder.IsThere(resnet), "it is not here: auditkit models fetch resnet18-imagenet");
        Graph source = resnet.Open();
        ClassifierOptions options = resnet.Preprocessing.Of(new ModelSpec { Path = "" }).Options(AuditKit.Models.Device.Cpu, 2);
        float[] pixels = Pixels(2 * resnet.Input.Length);

        using var own = new GraphModule(source);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable gradients = no_grad();
        Graph lifted = FeatureClassifier.Build(source, null, options, 7, seed: 1);
        float[] features = Embeddings(lifted, options, pixels);
        var normalised = new float[pixels.Length];
        options.Normalisation(resnet.Input).Apply(pixels, normalised);
        float[] expected = [.. tensor(normalised, [2, 3, 224, 224]).split(1)
            .SelectMany(image => own.Run(image, "Pooling395_Output_0")[0].data<float>().ToArray())];
        Assert.Equal(expected, features, (a, b) => Math.Abs(a - b) < 1e-3);

        Graph small = FeatureClassifier.Build(source, null, options with { Input = new InputShape(3, 96, 96) }, 7, seed: 1);
        ModelDiagnosis diagnosis = Diagnose(small);
        Assert.True(diagnosis.Agree);
        Assert.Equal(new InputShape(3, 96, 96), diagnosis.Form!.Input);
    }

    private ModelDiagnosis Diagnose(Graph graph)
    {
        string file = Path.Combine(_folder, "small.onnx");
        OnnxFile.Write(graph, file);
        return ModelDoctor.Examine(file, new ClassifierOptions { Threads = 2 });
    }

    private static float[] Embeddings(Graph graph, ClassifierOptions options, float[] pixels)
    {
        using var model = new OnnxRuntimeClassifier(graph, options);
        float[] logits = new float[2 * model.Classes], embeddings = new float[2 * model.EmbeddingLength];
        model.Run(pixels, 2, logits, embeddings);
        return embeddings;
    }

    private static float[] Pixels(int count)
    {
        var random = CounterRandom.For(1, "pixels", 0);
        return [.. Enumerable.Range(0, count).Select(_ => (float)random.NextDouble())];
    }
}
