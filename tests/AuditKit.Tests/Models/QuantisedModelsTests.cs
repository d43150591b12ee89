using AuditKit.Models;
using AuditKit.Models.Onnx;
using AuditKit.Results;
using AuditKit.Run;
using AuditKit.Specs;

namespace AuditKit.Tests.Models;

/// <summary>Int8 models, made of float ones here.</summary>
public sealed class QuantisedModelsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("auditkit-int8-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(QuantisedForm.QuantizeDequantize)]
    [InlineData(QuantisedForm.IntegerOperators)]
    [InlineData(QuantisedForm.Dynamic)]
    public void An_int8_export_is_audited_by_every_check_that_needs_no_gradient(QuantisedForm form)
    {
        OnnxFile.Write(FashionMnist.Quantised(form), Path.Combine(_folder, "int8.onnx"));
        AuditResult floats = Audited(FashionMnist.Model), integers = Audited(Path.Combine(_folder, "int8.onnx"));
        Assert.All(integers.Sections, section => Assert.Null(section.Error));
        Assert.Equal(floats.Sections.Select(section => section.Check), integers.Sections.Select(section => section.Check));
        Assert.Contains("64 numbers", integers.Model.Single(fact => fact.Label == "Embedding").Value);
        Finding[] before = [.. floats.Findings], after = [.. integers.Findings];
        Assert.Equal(before.Select(finding => finding.Id).Where(id => !id.Contains("layer")), after.Select(finding => finding.Id)
            .Where(id => !id.Contains("layer")));
        Assert.InRange(Accuracy(integers), Accuracy(floats) - 0.02, Accuracy(floats) + 0.02);

        static double Accuracy(AuditResult result) => result.Findings.First(finding => finding is { Check: "accuracy", Metric: "accuracy" }).Estimate!.Value;
    }

    [Theory]
    [InlineData(QuantisedForm.QuantizeDequantize)]
    [InlineData(QuantisedForm.IntegerOperators)]
    [InlineData(QuantisedForm.Dynamic)]
    public void The_embedding_is_found_behind_rounding_as_real_numbers_close_to_the_float_models(QuantisedForm form)
    {
        using var floats = new OnnxRuntimeClassifier(FashionMnist.Graph, FashionMnist.Options);
        using var integers = new OnnxRuntimeClassifier(FashionMnist.Quantised(form), FashionMnist.Options);
        Assert.Equal(floats.EmbeddingLength, integers.EmbeddingLength);
        (float[] a, float[] b) = (Embeddings(floats), Embeddings(integers));
        foreach ((float[] first, float[] second) in a.Chunk(floats.EmbeddingLength).Zip(b.Chunk(floats.EmbeddingLength)))
        {
            double norm = Math.Sqrt(first.Sum(x => (double)x * x));
            Assert.InRange(Math.Sqrt(first.Zip(second, (x, y) => Math.Pow(x - y, 2)).Sum()), 1e-6 * norm, 0.2 * norm);
        }

        static float[] Embeddings(OnnxRuntimeClassifier model)
        {
            float[] logits = new float[20 * model.Classes], embeddings = new float[20 * model.EmbeddingLength];
            model.Run(FashionMnist.Pixels(20), 20, logits, embeddings);
            return embeddings;
        }
    }

    [Fact]
    public void What_a_model_with_ranges_found_at_each_run_says_of_an_image_does_not_depend_on_the_batch()
    {
        using var model = new OnnxRuntimeClassifier(FashionMnist.Quantised(QuantisedForm.Dynamic), FashionMnist.Options);
        float[] pixels = FashionMnist.Pixels(5), together = new float[5 * model.Classes], alone = new float[5 * model.Classes];
        model.Run(pixels, 5, together, []);
        for (int i = 0; i < 5; i++)
        {
            model.Run(pixels.AsSpan(i * model.Input.Length, model.Input.Length), 1, alone.AsSpan(i * model.Classes, model.Classes), []);
        }

        Assert.Equal(alone, together);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Logits_are_those_before_a_softmax_that_is_rounded(bool contributed)
    {
        // Pixels in quarters, weights in halves: all sums are whole numbers, so that the logits are known exactly.
        using var model = new OnnxRuntimeClassifier(AllIntegers(contributed), new ClassifierOptions { Threads = 1 });
        float[] pixels = [0, 0.25f, 0.5f, 0.75f], logits = new float[3], embedding = new float[4];
        model.Run(pixels, 1, logits, embedding);
        Assert.Equal(Activation.Probabilities, model.Form.Activation);
        Assert.Equal([0.5f * (0.25f - 0.75f), 0.5f * (0.5f + 0.75f), 0], logits);
        Assert.Equal(pixels, embedding);
    }

    [Fact]
    public void A_named_embedding_of_integers_is_made_real_or_refused()
    {
        Graph graph = AllIntegers(contributed: true);
        using var model = new OnnxRuntimeClassifier(graph, new ClassifierOptions { Threads = 1, Embedding = "z bytes" });
        float[] logits = new float[3], embedding = new float[3];
        model.Run([0, 0.25f, 0.5f, 0.75f], 1, logits, embedding);
        Assert.Equal(logits, embedding);
        graph.Add("Cast", ["z bytes"], "whole", ("to", (long)ElementType.Int32));
        AuditException error = Assert.Throws<AuditException>(()
            => new OnnxRuntimeClassifier(graph, new ClassifierOptions { Threads = 1, Embedding = "whole" }));
        Assert.Contains("'whole', which is to be the embedding, holds no floating point numbers", error.Message);
    }

    // Bytes from the first node to the last: QuantizeLinear, Flatten, QGemm, softmax, DequantizeLinear.
    private static Graph AllIntegers(bool contributed)
    {
        var graph = new Graph("integers");
        graph.Opsets["com.microsoft"] = 1;
        graph.Input("x", "n", 1, 2, 2);
        Scale("x", 0.25f, 3);
        Scale("z", 0.125f, 100);
        Scale("p", 1 / 256f, 0);
        graph.Initializer("w", new TensorValue(ElementType.Int8, [3, 4], (byte[])(Array)new sbyte[] { 0, 1, 0, -1, 0, 0, 1, 1, 0, 0, 0, 0 }));
        graph.Initializer("w scale", TensorValue.Of([0.5f]));
        graph.Initializer("w zero", new TensorValue(ElementType.Int8, [], new byte[1]));
        graph.Add("Flatten", [graph.Add("QuantizeLinear", ["x", "x scale", "x zero"], "x bytes")], "flat bytes");
        Contributed("QGemm", ["flat bytes", "x scale", "x zero", "w", "w scale", "w zero", "", "z scale", "z zero"], "z bytes", ("transB", 1L));
        if (contributed)
        {
            Contributed("QLinearSoftmax", ["z bytes", "z scale", "z zero", "p scale", "p zero"], "p bytes", ("axis", -1L), ("opset", 17L));
        }
        else
        {
            graph.Add("DequantizeLinear", ["z bytes", "z scale", "z zero"], "z");
            graph.Add("QuantizeLinear", [graph.Add("Softmax", ["z"], "p unrounded", ("axis", -1L)), "p scale", "p zero"], "p bytes");
        }

        graph.Add("DequantizeLinear", ["p bytes", "p scale", "p zero"], "p");
        graph.Output("p", "n", 3);
        return graph;

        void Scale(string name, float scale, byte zero)
        {
            graph.Initializer($"{name} scale", TensorValue.Of([scale]));
            graph.Initializer($"{name} zero", new TensorValue(ElementType.UInt8, [], new[] { zero }));
        }

        void Contributed(string type, string[] inputs, string output, params (string Name, AttributeValue Value)[] attributes)
        {
            var node = new Node(type, inputs, [output]) { Name = output, Domain = "com.microsoft" };
            foreach ((string name, AttributeValue value) in attributes)
            {
                node.Attributes.Add(name, value);
            }

            graph.Nodes.Add(node);
        }
    }

    private AuditResult Audited(string model)
    {
        string spec = Path.Combine(_folder, "audit.yaml");
        File.WriteAllText(spec, $$"""
            name: test
            model: { path: {{model}}, mean: [0.286], std: [0.353] }
            data: { name: fashion-mnist, path: {{FashionMnist.Data}}, split: test, limit: 300 }
            seed: 1
            confidence: 0.95
            checks:
              accuracy: { min: 0.8 }
              subgroups: { by: [class, brightness/2], min-size: 10 }
              calibration:
              stability: { perturbations: [jpeg-50, crop-2] }
              simba: { images: 3, epsilon: 0.2, iterations: 20 }
              weights: { padding: periodic }
            """);
        return Audit.Run(
            AuditSpec.Load(spec, []), new OnnxModels(Device.Cpu, 2),
                new AuditOptions { Folder = Path.Combine(_folder, Guid.NewGuid().ToString()), Threads = 2 });
    }
}
