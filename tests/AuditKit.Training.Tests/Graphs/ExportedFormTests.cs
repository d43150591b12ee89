using AuditKit.Models;
using AuditKit.Models.Onnx;
using AuditKit.Tests;
using AuditKit.Training.Graphs;

namespace AuditKit.Training.Tests.Graphs;

/// <summary>libtorch sees every form of a model as ONNX Runtime does, and its gradients are the plain network's.</summary>
public sealed class ExportedFormTests
{
    public static TheoryData<string> Names => [.. All.Select(form => form.Name)];

    private static IEnumerable<ExportedForm> All => ExportedForm.Inputs.Concat(ExportedForm.Outputs);

    [Theory]
    [MemberData(nameof(Names))]
    public void Both_engines_agree(string name)
    {
        ExportedForm form = All.Single(form => form.Name == name);
        string path = Path.GetTempFileName();
        try
        {
            OnnxFile.Write(form.Build(), path);
            ModelDiagnosis diagnosis = ModelDoctor.Examine(path, form.Options);
            if (diagnosis.Description.Opsets[""] > GraphModule.NewestOpset)
            {
                Assert.Contains("newer than", diagnosis.Engines[1].Failure);
                return;
            }

            Assert.All(diagnosis.Engines, engine => Assert.Null(engine.Failure));
            Assert.True(diagnosis.Agree, $"{diagnosis.LargestDifference} of {diagnosis.LargestLogit}");
            Assert.Equal(form.Taken, diagnosis.Form!.Activation);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradients_with_respect_to_pixels_are_the_plain_networks(string name)
    {
        ExportedForm form = All.Single(form => form.Name == name);
        if (form.Build().Opset > GraphModule.NewestOpset)
        {
            Assert.Contains("newer than", Assert.Throws<AuditException>(() => Gradient(form.Build(), form.Options)).Message);
            return;
        }

        if (!form.HasGradients)
        {
            Assert.Contains("cannot be differentiated", Assert.Throws<AuditException>(() => Gradient(form.Build(), form.Options)).Message);
            return;
        }

        float[] expected = Gradient(ExportedForm.Plain(), new() { Threads = 1 });
        float largest = expected.Max(Math.Abs);
        Assert.True(largest > 1e-3);
        Assert.All(expected.Zip(Gradient(form.Build(), form.Options)), pair => Assert.Equal(pair.First, pair.Second, 2 * form.Tolerance * largest));
    }

    // Of the cross-entropy, which does not see what all logits of an image have in common.
    private static float[] Gradient(Graph graph, ClassifierOptions options)
    {
        const int Images = 3;
        using var model = new GraphGradients(graph, options);
        var random = CounterRandom.For(1, "test pixels", 0);
        float[] pixels = [.. Enumerable.Range(0, Images * model.Input.Length).Select(_ => (float)random.NextDouble())];
        float[] gradient = new float[pixels.Length];
        int step = Math.Min(Images, model.PreferredBatch), length = model.Input.Length;
        for (int first = 0; first < Images; first += step)
        {
            int count = Math.Min(step, Images - first);
            float[] logits = new float[count * model.Classes];
            model.Backward(pixels.AsSpan(first * length, count * length), count, logits, (rows, to) =>
            {
                for (int i = 0; i < count; i++)
                {
                    float[] row = rows.Slice(i * model.Classes, model.Classes).ToArray();
                    double sum = row.Sum(z => Math.Exp(z - row.Max()));
                    for (int k = 0; k < row.Length; k++)
                    {
                        to[(i * row.Length) + k] = (float)(Math.Exp(row[k] - row.Max()) / sum) - (k == 1 ? 1 : 0);
                    }
                }
            }, gradient.AsSpan(first * length, count * length));
        }

        return gradient;
    }
}
