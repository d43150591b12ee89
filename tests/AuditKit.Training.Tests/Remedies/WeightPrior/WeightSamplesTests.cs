using AuditKit.Models;
using AuditKit.Models.Onnx;
using AuditKit.Tests;
using AuditKit.Training.Remedies.WeightPrior;

namespace AuditKit.Training.Tests.Remedies.WeightPrior;

public sealed class WeightSamplesTests
{
    private const int Images = 3;

    // In opset 7 Max takes no two shapes.
    [Fact]
    public void The_ensemble_of_an_old_graph_opens_and_gives_the_logarithm_of_its_members_mean_probabilities()
    {
        ExportedForm form = ExportedForm.Outputs.Single(each => each.Name == "opset 7, Softmax and Clip");
        Graph graph = form.Build();
        Dictionary<string, TensorValue>[] samples = [.. Enumerable.Range(1, 3).Select(sample => Drawn(graph, sample))];
        double[] mean = new double[Images * ExportedForm.Classes];
        foreach (Dictionary<string, TensorValue> sample in samples)
        {
            Graph member = form.Build();
            foreach ((string name, TensorValue value) in sample)
            {
                member.Initializers[name] = value;
            }

            double[] probabilities = Probabilities(Logits(member, form.Options));
            mean = [.. mean.Zip(probabilities, (sum, probability) => sum + (probability / samples.Length))];
        }

        Graph ensemble = WeightSamples.Ensemble(graph, "z", samples);

        Assert.Equal(7, ensemble.Opset);
        float[] logits = Logits(ensemble, form.Options);
        Assert.All(mean.Zip(logits), pair => Assert.Equal(Math.Log(pair.First), pair.Second, 1e-4));
        // The members do not say the same.
        Assert.Contains(Probabilities(Logits(graph, form.Options)).Zip(mean), pair => Math.Abs(pair.First - pair.Second) > 0.01);
    }

    private static Dictionary<string, TensorValue> Drawn(Graph graph, int sample)
        => new[] { "w", "fc.w" }.ToDictionary(name => name, name =>
        {
            TensorValue value = graph.Initializers[name];
            float[] weights = [.. value.As<float>().ToArray().Select((weight, i) => weight * MathF.Cos((sample * i) + sample))];
            return TensorValue.Of(weights, value.Dimensions);
        });

    private static double[] Probabilities(float[] logits) =>
    [
        .. logits.Chunk(ExportedForm.Classes).SelectMany(row =>
        {
            double largest = row.Max(), sum = row.Sum(logit => Math.Exp(logit - largest));
            return row.Select(logit => Math.Exp(logit - largest) / sum);
        }),
    ];

    private static float[] Logits(Graph graph, ClassifierOptions options)
    {
        using var model = new OnnxRuntimeClassifier(graph, options);
        CounterRandom random = CounterRandom.For(1, "test pixels", 0);
        float[] pixels = [.. Enumerable.Range(0, Images * model.Input.Length).Select(_ => (float)random.NextDouble())];
        float[] logits = new float[Images * model.Classes];
        model.Run(pixels, Images, logits, []);
        return logits;
    }
}
