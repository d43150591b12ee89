using System.Security.Cryptography;
using AuditKit.Imaging;
using AuditKit.Models;
using AuditKit.Models.Architectures;
using AuditKit.Models.Onnx;
using AuditKit.Models.Onnx.Wire;
using Google.Protobuf;

namespace AuditKit.Tests.Models;

public sealed class ModelDescriptionTests
{
    [Fact]
    public void A_description_says_what_is_in_the_file()
    {
        string path = Path.GetTempFileName();
        try
        {
            Graph graph = Architecture.Build("lenet-5-caffe", new InputShape(1, 28, 28), 10, seed: 1);
            graph.Metadata["trained on"] = "nothing yet";
            OnnxFile.Write(graph, path);

            var description = ModelDescription.Read(path);
            byte[] bytes = File.ReadAllBytes(path);
            Assert.Equal(path, description.Path);
            Assert.Equal(bytes.Length, description.Bytes);
            Assert.Equal(Convert.ToHexString(SHA256.HashData(bytes)), description.Sha256, ignoreCase: true);
            Assert.Equal(("lenet-5-caffe", 8, 17), (description.Name, description.FormatVersion, description.Opsets[""]));
            Assert.StartsWith("AuditKit ", description.Producer);
            Assert.Equal("input: Float [batch, 1, 28, 28]", Assert.Single(description.Inputs).ToString());
            Assert.Equal("logits: Float [batch, 10]", Assert.Single(description.Outputs).ToString());
            Assert.Equal(431_080, description.Parameters);
            Assert.Equal(
                new Dictionary<string, int> { ["Conv"] = 2, ["Flatten"] = 1, ["Gemm"] = 2, ["MaxPool"] = 2, ["Relu"] = 1 },
                description.Operators);
            Assert.Equal("nothing yet", description.Metadata["trained on"]);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Weights_in_a_file_of_their_own_are_part_of_the_models_identity()
    {
        string folder = Directory.CreateTempSubdirectory("model-description-tests-").FullName;
        try
        {
            var model = ModelProto.Parser.ParseFrom(OnnxFile.ToBytes(SmallModels.Linear()));
            TensorProto weight = model.Graph.Initializer[0];
            byte[] data = weight.RawData.ToByteArray();
            weight.ClearRawData();
            weight.DataLocation = TensorProto.Types.DataLocation.External;
            weight.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "weight.bin" });
            string path = Path.Combine(folder, "model.onnx");
            File.WriteAllBytes(path, model.ToByteArray());
            File.WriteAllBytes(Path.Combine(folder, "weight.bin"), data);

            var description = ModelDescription.Read(path);
            byte[] all = [.. model.ToByteArray(), .. data];
            Assert.Equal(all.Length, description.Bytes);
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(all)), description.Sha256);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("models/cifar10-resnet20.onnx", 19, "BatchNormalization")]
    [InlineData("models/cifar10-resnet20-fused.onnx", 0, "BatchNormalization")]
    public void A_real_export_counts_its_operators(string path, int count, string type) =>
        Assert.Equal(count, ModelDescription.Read(Repository.Shared(path)).Operators.GetValueOrDefault(type));
}
