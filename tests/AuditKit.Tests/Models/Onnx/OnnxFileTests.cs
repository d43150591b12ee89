using AuditKit.Models.Onnx;
using AuditKit.Models.Onnx.Wire;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace AuditKit.Tests.Models.Onnx;

public sealed partial class OnnxFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("onnx-file-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_graph_built_in_code_runs_in_onnx_runtime()
    {
        using var session = new InferenceSession(OnnxFile.ToBytes(Linear()));
        Assert.Equal([50f, 71f], Run(session, "logits", [1, 2, 3]));
    }

    [Fact]
    public void A_tapped_value_becomes_an_output_and_the_original_stays_as_it_was()
    {
        Graph graph = Linear();
        using var session = new InferenceSession(OnnxFile.ToBytes(graph.WithOutputs("product", "logits")));
        Assert.Equal(["logits", "product"], session.OutputNames);
        Assert.Equal([14f, 32f], Run(session, "product", [1, 2, 3]));
        Assert.Single(graph.Outputs);
        Assert.Contains("'relu7'", Assert.Throws<AuditException>(() => graph.WithOutputs("relu7")).Message);
    }

    [Fact]
    public void Writing_and_reading_gives_the_same_graph()
    {
        Graph graph = Linear();
        graph.Metadata["trained on"] = "numbers 1–3";
        graph.Initializer("names", new TensorValue([2], ["cat", "dög"]));
        graph.Initializer("empty", TensorValue.Of(ReadOnlySpan<long>.Empty, 0));
        graph.Add("Foo", ["logits"], "foo",
            ("i", 1), ("f", 2.5f), ("s", "text"), ("is", new long[] { 1, -2 }), ("fs", new[] { 0.5f }),
            ("ss", new[] { "a", "b" }), ("t", TensorValue.Of([1f, 2f], 2)));
        AssertEqual(graph, WriteAndRead(graph));
    }

    [Theory]
    [InlineData("models/cifar10-resnet20.onnx")]
    [InlineData("models/cifar10-resnet20-fused.onnx")]
    [InlineData("models/cifar10-resnet32.onnx")]
    public void Reading_writing_and_reading_a_real_export_gives_the_same_graph(string model)
    {
        Graph graph = OnnxFile.Read(Repository.Shared(model));
        AssertEqual(graph, WriteAndRead(graph));
    }

    [Fact]
    public void What_the_graph_does_not_model_survives_reading_and_writing()
    {
        // Field 25 of a model is its list of functions; bytes of a field that the schema leaves out.
        byte[] functions = [0xCA, 0x01, 3, 0x0A, 1, (byte)'f'];
        string path = Path.Combine(_folder, "functions.onnx");
        File.WriteAllBytes(path, [.. OnnxFile.ToBytes(Linear()), .. functions]);
        byte[] written = OnnxFile.ToBytes(OnnxFile.Read(path));
        Assert.True(written.AsSpan().IndexOf(functions) > 0);
    }

    [Theory]
    [InlineData(1, new byte[] { 0, 0, 0x80, 0x3F })]
    [InlineData(11, new byte[] { 0, 0, 0, 0, 0, 0, 0xF0, 0x3F })]
    [InlineData(3, new byte[] { 0xFF })]
    [InlineData(4, new byte[] { 0xFF, 0xFF })]
    [InlineData(6, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF })]
    [InlineData(10, new byte[] { 0x00, 0x3C })]
    [InlineData(12, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF })]
    public void Every_way_to_store_a_tensor_gives_the_same_bytes(int type, byte[] expected)
    {
        // One element, 1 or −1 or all bits set, in the field that the format keeps its type in.
        var tensor = new TensorProto { Name = "t", DataType = type };
        switch ((ElementType)type)
        {
            case ElementType.Float: tensor.FloatData.Add(1); break;
            case ElementType.Double: tensor.DoubleData.Add(1); break;
            case ElementType.UInt32: tensor.Uint64Data.Add(uint.MaxValue); break;
            case ElementType.Float16: tensor.Int32Data.Add(0x3C00); break;
            case ElementType.UInt16: tensor.Int32Data.Add(ushort.MaxValue); break;
            default: tensor.Int32Data.Add(-1); break;
        }

        var raw = new TensorProto { Name = "t", DataType = type, RawData = ByteString.CopyFrom(expected) };
        foreach (TensorProto proto in new[] { tensor, raw })
        {
            TensorValue value = OnnxFile.Read(WriteModel(proto)).Initializers["t"];
            Assert.Equal(expected, value.Data.ToArray());
            Assert.Equal(1, value.Count);
        }
    }

    /// <summary>logits = (x · W) · 2 + b with x of 3 numbers, W = [[1, 4], [2, 5], [3, 6]], b = [22, 7].</summary>
    private static Graph Linear()
    {
        var graph = new Graph("linear");
        string x = graph.Input("x", "batch", 3);
        string w = graph.Initializer("w", TensorValue.Of([1f, 4f, 2f, 5f, 3f, 6f], 3, 2));
        string two = graph.Initializer("two", TensorValue.Of([2f]));
        string b = graph.Initializer("b", TensorValue.Of([22f, 7f], 2));
        x = graph.Add("MatMul", [x, w], "product");
        x = graph.Add("Mul", [x, two], "scaled");
        graph.Output(graph.Add("Add", [x, b], "logits"), "batch", 2);
        return graph;
    }

    private static float[] Run(InferenceSession session, string output, float[] input)
    {
        using var results = session.Run(
            [NamedOnnxValue.CreateFromTensor("x", new DenseTensor<float>(input, [1, 3]))], [output]);
        return [.. results[0].AsEnumerable<float>()];
    }

    private static TensorProto External(string location, params (string Key, string Value)[] entries)
    {
        var tensor = new TensorProto
        {
            Name = "t",
            DataType = (int)ElementType.Float,
            Dims = { 1 },
            DataLocation = TensorProto.Types.DataLocation.External,
            ExternalData = { new StringStringEntryProto { Key = "location", Value = location } },
        };
        tensor.ExternalData.Add(entries.Select(e => new StringStringEntryProto { Key = e.Key, Value = e.Value }));
        return tensor;
    }

    private string WriteModel(TensorProto tensor, string? path = null) =>
        WriteModel(model => model.Graph.Initializer.Add(tensor), path);

    private string WriteModel(Action<ModelProto> change, string? path = null)
    {
        ModelProto model = ModelProto.Parser.ParseFrom(OnnxFile.ToBytes(Linear()));
        change(model);
        path ??= Path.Combine(_folder, "model.onnx");
        File.WriteAllBytes(path, model.ToByteArray());
        return path;
    }

    private Graph WriteAndRead(Graph graph)
    {
        string path = Path.Combine(_folder, "written.onnx");
        OnnxFile.Write(graph, path);
        return OnnxFile.Read(path);
    }

    private static void AssertUsage(string path, string message)
    {
        var e = Assert.Throws<AuditException>(() => OnnxFile.Read(path));
        Assert.Equal(ExitCode.Usage, e.ExitCode);
        Assert.StartsWith(path, e.Message);
        Assert.Contains(message, e.Message);
    }

    private static void AssertEqual(Graph expected, Graph actual)
    {
        Assert.Equal(expected.Name, actual.Name);
        Assert.Equal(expected.Opsets, actual.Opsets);
        Assert.Equal(expected.FormatVersion, actual.FormatVersion);
        Assert.Equal(expected.Producer, actual.Producer);
        Assert.Equal(expected.ProducerVersion, actual.ProducerVersion);
        Assert.Equal(expected.Metadata, actual.Metadata);
        Assert.Equal(expected.Inputs.Select(v => v.ToString()), actual.Inputs.Select(v => v.ToString()));
        Assert.Equal(expected.Outputs.Select(v => v.ToString()), actual.Outputs.Select(v => v.ToString()));
        Assert.Equal(expected.Initializers.Keys, actual.Initializers.Keys);
        foreach ((string name, TensorValue value) in expected.Initializers)
        {
            Assert.True(value.ContentEquals(actual.Initializers[name]), name);
        }

        Assert.Equal(expected.Nodes.Count, actual.Nodes.Count);
        foreach ((Node left, Node right) in expected.Nodes.Zip(actual.Nodes))
        {
            Assert.Equal((left.Type, left.Domain, left.Name), (right.Type, right.Domain, right.Name));
            Assert.Equal(left.Inputs, right.Inputs);
            Assert.Equal(left.Outputs, right.Outputs);
            Assert.Equal(left.Attributes.Keys, right.Attributes.Keys);
            foreach ((string name, AttributeValue value) in left.Attributes)
            {
                if (value.Value is TensorValue tensor)
                {
                    Assert.True(tensor.ContentEquals((TensorValue)right.Attributes[name].Value));
                }
                else
                {
                    Assert.Equivalent(value.Value, right.Attributes[name].Value, strict: true);
                }
            }
        }
    }
}
