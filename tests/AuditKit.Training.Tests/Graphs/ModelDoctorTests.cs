using AuditKit.Imaging;
using AuditKit.Models;
using AuditKit.Models.Architectures;
using AuditKit.Models.Onnx;
using AuditKit.Tests;
using AuditKit.Training.Graphs;

namespace AuditKit.Training.Tests.Graphs;

public sealed class ModelDoctorTests : IDisposable
{
    private static readonly ClassifierOptions _options = new() { Threads = 1, Mean = [0.3f], StandardDeviation = [0.2f] };

    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData("lenet-300-100")]
    [InlineData("lenet-5-caffe")]
    [InlineData("resnet8-cifar")]
    [InlineData("resnet18")]
    [InlineData("resnet50-cifar")]
    public void Both_engines_run_every_kind_of_reference_architecture_and_agree(string architecture)
    {
        ModelDiagnosis diagnosis = Examine(Architecture.Build(architecture, new InputShape(3, 16, 16), 10, seed: 1));
        Assert.True(diagnosis.Agree);
        Assert.InRange(diagnosis.LargestLogit!.Value, 0.01, 1e4);
        Assert.Empty(diagnosis.OnlyOnnxRuntime);
        Assert.Equal(["ONNX Runtime", "libtorch"], diagnosis.Engines.Select(engine => engine.Name));
        Assert.All(diagnosis.Engines, engine =>
        {
            Assert.Null(engine.Failure);
            Assert.NotEmpty(engine.Version!);
            Assert.True(engine.ImagesPerSecond > 0);
        });
    }

    [Theory]
    [InlineData("models/cifar10-resnet20.onnx")]
    [InlineData("models/cifar10-resnet20-fused.onnx")]
    [InlineData("models/cifar10-resnet32.onnx")]
    public void Both_engines_agree_on_real_models_and_given_images(string path)
    {
        int asked = 0;
        ModelDiagnosis diagnosis = ModelDoctor.Examine(Repository.Shared(path), new() { Threads = 1 }, (shape, count) =>
        {
            asked = count;
            return Cifar.Images(count).As<float>().ToArray();
        });
        Assert.Equal(32, asked);
        Assert.True(diagnosis.Agree);
    }

    [Fact]
    public void A_fixed_batch_size_and_a_softmax_at_the_end_do_not_trouble_it()
    {
        var graph = new Graph("fixed");
        graph.Input("input", 4, 1, 2, 2);
        graph.Initializer("weight", TensorValue.Of([1f, -2, 3, -4, 5, -6, 7, -8], 4, 2));
        graph.Add("Flatten", ["input"], "flat");
        graph.Add("MatMul", ["flat", "weight"], "logits");
        graph.Add("Softmax", ["logits"], "probabilities");
        graph.Output("probabilities", 4, 2);
        ModelDiagnosis diagnosis = Examine(graph);
        Assert.True(diagnosis.Agree);
        Assert.True(diagnosis.LargestLogit > 1);
    }

    [Fact]
    public void An_operator_that_only_one_engine_knows_is_named_and_the_other_engine_still_runs()
    {
        Graph graph = Architecture.Build("lenet-300-100", new InputShape(1, 4, 4), 10, seed: 1);
        graph.Nodes.Add(new Node("Scaler", ["logits"], ["scaled"])
        {
            Domain = "ai.onnx.ml",
            Attributes = { ["scale"] = new[] { 2f }, ["offset"] = new[] { 1f } },
        });
        graph.Opsets["ai.onnx.ml"] = 1;
        graph.Outputs.Clear();
        graph.Output("scaled", "batch", 10);
        ModelDiagnosis diagnosis = Examine(graph);
        Assert.Equal(["ai.onnx.ml.Scaler"], diagnosis.OnlyOnnxRuntime);
        Assert.Null(diagnosis.Engines[0].Failure);
        Assert.Contains("Scaler", diagnosis.Engines[1].Failure);
        Assert.Null(diagnosis.Agree);
        Assert.Null(diagnosis.LargestDifference);
    }

    [Fact]
    public void A_model_that_is_no_classifier_is_still_described()
    {
        Graph graph = Architecture.Build("lenet-300-100", new InputShape(1, 4, 4), 10, seed: 1);
        graph.Output("embedding", "batch", 100);
        ModelDiagnosis diagnosis = Examine(graph);
        Assert.Equal(3, diagnosis.Description.Operators["Gemm"]);
        Assert.All(diagnosis.Engines, engine => Assert.Contains("one output of scores", engine.Failure));
    }

    [Fact]
    public void A_file_that_is_no_model_is_an_error()
    {
        File.WriteAllText(_path, "nothing");
        Assert.Throws<AuditException>(() => ModelDoctor.Examine(_path, _options));
    }

    private ModelDiagnosis Examine(Graph graph)
    {
        OnnxFile.Write(graph, _path);
        return ModelDoctor.Examine(_path, _options);
    }
}
