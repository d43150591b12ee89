using System.Security.Cryptography;
using AuditKit.Models;
using AuditKit.Models.Architectures;
using AuditKit.Models.Onnx;

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

    [Theory]
    [InlineData("models/cifar10-resnet20.onnx", 19, "BatchNormalization")]
    [InlineData("models/cifar10-resnet20-fused.onnx", 0, "BatchNormalization")]
    public void A_real_export_counts_its_operators(string path, int count, string type) =>
        Assert.Equal(count, ModelDescription.Read(Repository.Shared(path)).Operators.GetValueOrDefault(type));
}
