using AuditKit.Imaging;
using AuditKit.Models;
using AuditKit.Models.Architectures;
using AuditKit.Models.Onnx;
using AuditKit.Training.Remediation;

namespace AuditKit.Training.Tests.Remediation;

public sealed class TemperatureScalingTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Logits_are_divided_and_what_an_audit_reads_beside_them_stays(bool endsInSoftmax)
    {
        string folder = Directory.CreateTempSubdirectory("auditkit-temperature").FullName;
        try
        {
            Graph graph = Architecture.Build("resnet8-cifar", new InputShape(3, 16, 16), 4, seed: 3);
            if (endsInSoftmax)
            {
                string logits = graph.Outputs[0].Name;
                graph.Outputs.Clear();
                graph.Output(graph.Add("Softmax", [logits], "probabilities", ("axis", 1L)), "N", 4);
            }

            string before = Path.Combine(folder, "before.onnx"), after = Path.Combine(folder, "after.onnx");
            OnnxFile.Write(graph, before);
            Graph scaled = OnnxFile.Read(before);
            TemperatureScaling.Divide(scaled, ClassifierGraph.Of(scaled).OwnLogits!, 2.5);
            OnnxFile.Write(scaled, after);

            (float[] oldLogits, float[] oldEmbedding) = Run(before);
            (float[] newLogits, float[] newEmbedding) = Run(after);

            Assert.All(oldLogits.Zip(newLogits), pair => Assert.Equal(pair.First / 2.5f, pair.Second, 1e-6f));
            Assert.Equal(oldEmbedding, newEmbedding);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_model_that_was_divided_before_is_divided_once_more()
    {
        Graph graph = Architecture.Build("resnet8-cifar", new InputShape(3, 16, 16), 4, seed: 3);
        float[] undivided = Run(graph).Logits;
        foreach (double temperature in new[] { 2.5, 1.6 })
        {
            TemperatureScaling.Divide(graph, ClassifierGraph.Of(graph).OwnLogits!, temperature);
        }

        Assert.All(undivided.Zip(Run(graph).Logits), pair => Assert.Equal(pair.First / 4f, pair.Second, 1e-6f));
    }

    private static (float[] Logits, float[] Embedding) Run(string file) => Run(OnnxFile.Read(file));

    private static (float[] Logits, float[] Embedding) Run(Graph graph)
    {
        using var model = new OnnxRuntimeClassifier(graph, new ClassifierOptions());
        float[] pixels = [.. Enumerable.Range(0, 2 * model.Input.Length).Select(i => i * 37 % 101 / 101f)];
        float[] logits = new float[2 * model.Classes], embedding = new float[2 * model.EmbeddingLength];
        model.Run(pixels, 2, logits, embedding);
        return (logits, embedding);
    }
}
