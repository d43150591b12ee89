using System.IO.Compression;
using AuditKit.Imaging;
using AuditKit.Models;
using AuditKit.Models.Architectures;
using AuditKit.Models.Onnx;
using AuditKit.Models.Onnx.Wire;
using Google.Protobuf;

namespace AuditKit.Tests.Models;

/// <summary>Models that cannot be audited: each is one message that names the file and what is wrong.</summary>
public sealed partial class UnusableModelTests : IDisposable
{
    private static readonly ClassifierOptions Options = new() { Threads = 1 };

    private readonly string _folder = Directory.CreateTempSubdirectory("unusable-model-tests-").FullName;

    private string Model => Path.Combine(_folder, "model.onnx");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_missing_file() => Refused("cannot be read");

    [Fact]
    public void An_empty_file()
    {
        File.WriteAllBytes(Model, []);
        Refused("empty");
    }

    [Fact]
    public void Garbage()
    {
        byte[] garbage = new byte[5000];
        new Random(1).NextBytes(garbage);
        File.WriteAllBytes(Model, garbage);
        Refused("not an ONNX model");
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.999)]
    public void A_truncated_file(double kept)
    {
        byte[] bytes = OnnxFile.ToBytes(Architecture.Build("resnet8-cifar", new InputShape(3, 32, 32), 10, seed: 1));
        File.WriteAllBytes(Model, bytes[..(int)(bytes.Length * kept)]);
        Refused("truncated");
    }

    [Fact]
    public void A_pickle()
    {
        File.WriteAllBytes(Model, [0x80, 0x02, .. "}q\0."u8]);
        Refused("pickle");
    }

    [Fact]
    public void A_torch_archive()
    {
        File.WriteAllBytes(Model, [.. "PK\x03\x04"u8, .. new byte[60]]);
        Refused("pickle");
    }

    [Theory]
    [InlineData("model.pt", "model/code/__torch__.py", "is TorchScript: run and init take it; ")]
    [InlineData("model.onnx", "model/code/__torch__.py", "is TorchScript: run and init take it, under a name that ends in .pt")]
    [InlineData("model.pt", "model/data.pkl", "pickles run code")]
    public void TorchScript_is_told_from_a_pickle(string file, string entry, string message)
    {
        string path = Path.Combine(_folder, file);
        using (ZipArchive archive = ZipFile.Open(path, ZipArchiveMode.Create))
        {
            archive.CreateEntry(entry);
        }

        var error = Assert.Throws<AuditException>(() => OnnxFile.Read(path));
        Assert.Equal(ExitCode.Usage, error.ExitCode);
        Assert.Contains(message, error.Message);
        Assert.Equal(entry.Contains("/code/", StringComparison.Ordinal), error.Message.Contains($"auditkit init {path} IMAGES", StringComparison.Ordinal));
    }

    [Fact]
    public void An_opset_of_the_future()
    {
        Write(new ModelProto(SmallModel()) { OpsetImport = { new OperatorSetIdProto { Version = 999 } } });
        Refused("ONNX Runtime cannot load", "opset");
    }

    [Fact]
    public void A_file_format_of_the_future()
    {
        Write(new ModelProto(SmallModel()) { IrVersion = 999 });
        Refused("ONNX Runtime cannot load", "IR version");
    }

    [Fact]
    public void An_operator_that_nobody_knows()
    {
        Graph graph = SmallModels.Linear();
        graph.Add("Frobnicate", ["logits"], "frobnicated");
        graph.Outputs.Clear();
        graph.Output("frobnicated", "batch", 4);
        Write(graph);
        Refused("ONNX Runtime cannot load", "Frobnicate");
    }

    [Fact]
    public void A_parameter_with_fewer_numbers_than_its_shape_says()
    {
        ModelProto model = SmallModel();
        model.Graph.Initializer[0].Dims[0]++;
        Write(model);
        Refused("'weight' is damaged");
    }

    [Fact]
    public void A_parameter_of_the_wrong_shape()
    {
        Graph graph = SmallModels.Linear();
        graph.Initializers["weight"] = TensorValue.Of(SmallModels.Pixels(44), 4, 11);
        Write(graph);
        Refused("Gemm");
    }

    [Theory]
    [InlineData("../outside.bin")]
    [InlineData("/etc/hostname")]
    public void External_data_outside_the_models_folder(string location)
    {
        ModelProto model = SmallModel();
        TensorProto weight = model.Graph.Initializer[0];
        weight.ClearRawData();
        weight.DataLocation = TensorProto.Types.DataLocation.External;
        weight.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
        Write(model);
        Refused("own folder");
    }

    [Fact]
    public void Two_inputs()
    {
        Graph graph = SmallModels.Linear();
        graph.Input("mask", "batch", 4);
        graph.Add("Add", ["logits", "mask"], "masked");
        graph.Outputs.Clear();
        graph.Output("masked", "batch", 4);
        Write(graph);
        Refused("has 2: input, mask");
    }

    [Fact]
    public void Two_outputs()
    {
        Graph graph = SmallModels.Linear();
        graph.Nodes.Insert(1, new Node("Relu", ["flat"], ["features"]));
        graph.Output("features", "batch", 12);
        Write(graph);
        Refused("has 2: logits (4 numbers), features (12 numbers)", "output: logits");
    }

    [Fact]
    public void Channels_in_neither_place()
    {
        var graph = new Graph("no channels");
        graph.Input("input", "batch", 32, 32, 32);
        graph.Add("GlobalAveragePool", ["input"], "logits");
        graph.Output("logits", "batch", 32, 1, 1);
        Write(graph);
        Refused("1 or 3 channels");
    }

    [Fact]
    public void An_input_that_is_no_image()
    {
        var graph = new Graph("text");
        graph.Input("tokens", "batch", 128);
        graph.Add("Softmax", ["tokens"], "logits");
        graph.Output("logits", "batch", 128);
        Write(graph);
        Refused("not a square one", "tokens", "input: [channels, height, width]");
    }

    [Fact]
    public void An_input_of_truth_values()
    {
        Graph graph = SmallModels.Linear();
        graph.Inputs[0] = graph.Inputs[0] with { Type = ElementType.Bool };
        Write(graph);
        Refused("floats or bytes", "Bool");
    }

    [Fact]
    public void A_batch_of_billions()
    {
        Write(SmallModels.Linear(4_000_000_000));
        Refused("batch size");
    }

    [Fact]
    public void Images_of_another_size_than_the_model_takes()
    {
        Write(SmallModels.Linear());
        Refused(Options with { Input = new InputShape(3, 2, 3) }, "3×2×3 do not fit");
    }

    [Theory]
    [InlineData(new[] { 0.5f, 0.5f }, new float[0], "mean has 2 values")]
    [InlineData(new float[0], new[] { 1f, 0, 1 }, "std above 0")]
    [InlineData(new[] { float.NaN }, new float[0], "mean must be finite")]
    public void A_normalisation_that_does_not_fit(float[] mean, float[] deviation, string expected)
    {
        Write(SmallModels.Linear());
        var error = Assert.Throws<AuditException>(
            () => new OnnxRuntimeClassifier(Model, Options with { Mean = mean, StandardDeviation = deviation }));
        Assert.Contains(expected, error.Message);
    }

    [Fact]
    public void Feature_maps_instead_of_logits()
    {
        Graph graph = Architecture.Build("resnet8-cifar", new InputShape(3, 32, 32), 10, seed: 1);
        graph.Outputs.Clear();
        graph.Output("stage3.block0.relu", "batch", 64, 8, 8);
        Write(graph);
        Refused("K ≥ 2 logits", "64×8×8");
    }

    [Fact]
    public void One_logit()
    {
        var graph = new Graph("binary");
        graph.Input("input", "batch", 1, 2, 2);
        graph.Add("GlobalAveragePool", ["input"], "pool");
        graph.Add("Flatten", ["pool"], "logits");
        graph.Output("logits", "batch", 1);
        Write(graph);
        Refused("K ≥ 2 logits");
    }

    [Fact]
    public void A_batch_size_that_is_only_declared_variable()
    {
        Graph graph = SmallModels.Linear();
        graph.Initializer("shape", TensorValue.Of([1L, 12], 2));
        graph.Nodes.RemoveAll(node => node.Type == "Flatten");
        graph.Nodes.Insert(0, new Node("Reshape", ["input", "shape"], ["flat"]));
        Write(graph);
        Refused("declared variable");
    }

    [Fact]
    public void Images_that_influence_each_other()
    {
        Graph graph = SmallModels.Linear();
        graph.Initializer("axes", TensorValue.Of([0L], 1));
        graph.Add("ReduceSum", ["logits", "axes"], "sum");
        graph.Add("Sub", ["logits", "sum"], "centred");
        graph.Outputs.Clear();
        graph.Output("centred", "batch", 4);
        Write(graph);
        Refused("depends on the other images", "evaluation mode");
    }

    private static ModelProto SmallModel() => ModelProto.Parser.ParseFrom(OnnxFile.ToBytes(SmallModels.Linear()));

    private void Write(Graph graph) => OnnxFile.Write(graph, Model);

    private void Write(ModelProto model) => File.WriteAllBytes(Model, model.ToByteArray());

    private void Refused(params string[] expected) => Refused(Options, expected);

    private void Refused(ClassifierOptions options, params string[] expected)
    {
        AuditException error = Assert.Throws<AuditException>(() => new OnnxRuntimeClassifier(Model, options));
        Assert.Equal(ExitCode.Usage, error.ExitCode);
        Assert.StartsWith(options.Device == Device.Cpu ? Model : "--device cuda", error.Message);
        Assert.All(expected, text => Assert.True(error.Message.Contains(text, StringComparison.Ordinal), error.Message));
        Assert.DoesNotContain("onnxruntime_src", error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }
}
