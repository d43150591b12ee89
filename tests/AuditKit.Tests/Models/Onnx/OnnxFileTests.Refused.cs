using AuditKit.Models.Onnx;
using AuditKit.Models.Onnx.Wire;
using Google.Protobuf;

namespace AuditKit.Tests.Models.Onnx;

/// <content>Files that are refused.</content>
public sealed partial class OnnxFileTests
{
    [Fact]
    public void External_data_is_read_from_the_models_folder()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "weights"));
        File.WriteAllBytes(Path.Combine(_folder, "weights", "w.bin"), [9, 9, 9, 9, 0, 0, 0x80, 0x3F, 9]);
        TensorProto tensor = External("weights/w.bin", ("offset", "4"), ("length", "4"));
        Assert.Equal([1f], OnnxFile.Read(WriteModel(tensor)).Initializers["t"].As<float>().ToArray());
    }

    [Theory]
    [InlineData("../secret.bin")]
    [InlineData("link.bin")]
    [InlineData("links/secret.bin")]
    [InlineData("weights/../../secret.bin")]
    [InlineData("ROOT/secret.bin")]
    [InlineData("")]
    public void External_data_outside_the_models_folder_is_refused(string location)
    {
        string outside = Path.Combine(_folder, "outside");
        string inside = Path.Combine(outside, "model");
        Directory.CreateDirectory(inside);
        File.WriteAllBytes(Path.Combine(outside, "secret.bin"), [0, 0, 0x80, 0x3F]);
        File.CreateSymbolicLink(Path.Combine(inside, "link.bin"), Path.Combine(outside, "secret.bin"));
        Directory.CreateSymbolicLink(Path.Combine(inside, "links"), outside);
        string model = WriteModel(External(location.Replace("ROOT", outside)), Path.Combine(inside, "m.onnx"));
        AssertUsage(model, "in the model's own folder");
    }

    [Theory]
    [InlineData("8", "4", "wants 4 bytes at 8")]
    [InlineData("-1", "4", "wants 4 bytes at -1")]
    [InlineData("0", "-4", "wants -4 bytes")]
    [InlineData("0", "9223372036854775807", "wants 9223372036854775807 bytes")]
    [InlineData("9223372036854775807", "9", "truncated")]
    [InlineData("0", "8", "needs 4 bytes, not 8")]
    [InlineData("x", "4", "no number")]
    public void External_data_outside_its_file_is_refused(string offset, string length, string message)
    {
        File.WriteAllBytes(Path.Combine(_folder, "w.bin"), new byte[8]);
        AssertUsage(WriteModel(External("w.bin", ("offset", offset), ("length", length))), message);
    }

    [Fact]
    public void Missing_external_data_is_named() =>
        AssertUsage(WriteModel(External("w.bin")), "'w.bin', which cannot be read");

    [Theory]
    [InlineData(new byte[0], "empty")]
    [InlineData(new byte[] { 0x80, 2, (byte)'}' }, "pickles run code when loaded")]
    [InlineData(new byte[] { (byte)'P', (byte)'K', 3, 4, 0 }, "pickles run code when loaded")]
    [InlineData(new byte[] { 0x7F, (byte)'E', (byte)'L', (byte)'F' }, "not an ONNX model")]
    [InlineData(new byte[] { 8, 8 }, "no graph")]
    [InlineData(new byte[] { 0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0x07 }, "truncated")]
    public void A_file_that_is_no_model_is_refused(byte[] content, string message)
    {
        string path = Path.Combine(_folder, "bad.onnx");
        File.WriteAllBytes(path, content);
        AssertUsage(path, message);
        AssertUsage(path, "Export");
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_refused()
    {
        AssertUsage(Path.Combine(_folder, "absent.onnx"), "cannot be read");
        AssertUsage(_folder, "cannot be read");
    }

    [Fact]
    public void A_model_cut_at_any_place_is_refused()
    {
        byte[] whole = OnnxFile.ToBytes(Linear());
        string path = Path.Combine(_folder, "cut.onnx");
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            AssertUsage(path, path);
        }
    }

    [Fact]
    public void A_model_with_any_byte_changed_is_read_or_refused()
    {
        byte[] whole = OnnxFile.ToBytes(Linear());
        string path = Path.Combine(_folder, "changed.onnx");
        int refused = 0;
        for (int at = 0; at < whole.Length; at++)
        {
            byte[] changed = [.. whole];
            changed[at] ^= 0xFF;
            File.WriteAllBytes(path, changed);
            try
            {
                OnnxFile.Read(path);
            }
            catch (AuditException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1, whole.Length);
    }

    [Fact]
    public void Impossible_tensors_are_refused()
    {
        static TensorProto Of(int type, int bytes, params long[] dimensions) =>
            new() { Name = "t", DataType = type, Dims = { dimensions }, RawData = ByteString.CopyFrom(new byte[bytes]) };

        AssertUsage(WriteModel(Of(1, 4, -1)), "negative");
        AssertUsage(WriteModel(Of(1, 4, 2)), "needs 8 bytes, not 4");
        AssertUsage(WriteModel(Of(1, 0, long.MaxValue, long.MaxValue, long.MaxValue, 8)), "damaged");
        AssertUsage(WriteModel(Of(1, 0, 1L << 32, 1L << 32)), "damaged");
        AssertUsage(WriteModel(Of(99, 4, 1)), "not supported");
    }

    [Fact]
    public void Models_that_contradict_themselves_are_refused()
    {
        AssertUsage(WriteModel(model => model.OpsetImport.Clear()), "no opset");
        AssertUsage(WriteModel(model => model.OpsetImport[0].Version = -3), "opset version -3");
        AssertUsage(WriteModel(model => model.Graph.Node.Clear()), "no nodes");
        AssertUsage(WriteModel(model => model.Graph.Output.Clear()), "no outputs");
        AssertUsage(WriteModel(model => model.IrVersion = 0), "format version 0");
        AssertUsage(WriteModel(model => model.Graph.Initializer.Add(model.Graph.Initializer[0])), "appears twice");
        AssertUsage(
            WriteModel(model => model.Graph.Node[0].Attribute.Add(
                new AttributeProto { Name = "a", Type = AttributeProto.Types.AttributeType.Tensor })),
            "has no value");
    }

    [Fact]
    public void Writing_to_a_place_that_cannot_be_written_is_one_error()
    {
        File.WriteAllText(Path.Combine(_folder, "file"), "");
        string path = Path.Combine(_folder, "file", "m.onnx");
        Assert.Contains(path, Assert.Throws<AuditException>(() => OnnxFile.Write(Linear(), path)).Message);
    }
}
