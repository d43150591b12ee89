using AuditKit.Models;
using AuditKit.Models.Onnx;
using AuditKit.Tests;
using AuditKit.Training.Graphs;

namespace AuditKit.Training.Tests.Graphs;

public sealed class GraphGradientsTests : IDisposable
{
    private readonly string _path = Path.ChangeExtension(Path.GetTempFileName(), ".onnx");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Gradients_of_a_small_network_equal_finite_differences_with_normalisation_included()
    {
        OnnxFile.Write(Small(), _path);
        using var model = new GraphGradients(_path, new() { Mean = [0.4f, 0.5f, 0.6f], StandardDeviation = [0.25f, 0.5f, 0.75f], Threads = 2 });
        int length = model.Input.Length;
        float[] pixels = Pixels(3 * length);
        float[] vector = [.. Enumerable.Range(0, 3 * model.Classes).Select(i => MathF.Cos(i * 1.3f))];
        float[] gradient = new float[pixels.Length];
        model.Backward(pixels, 3, new float[vector.Length], (_, g) => vector.CopyTo(g), gradient);

        const float Step = 1e-2f;
        for (int i = 0; i < pixels.Length; i += 5)
        {
            double difference = (Loss(i, Step) - Loss(i, -Step)) / (2 * Step);
            Assert.Equal(difference, gradient[i], 2e-3 * Math.Max(1, Math.Abs(difference)));
        }

        Assert.Contains(gradient, value => Math.Abs(value) > 0.1);

        // The loss is Σ v·z: linear in the logits, so that its gradient with respect to them is v everywhere.
        double Loss(int pixel, float step)
        {
            float[] moved = [.. pixels];
            moved[pixel] += step;
            float[] logits = new float[vector.Length];
            model.Backward(moved, 3, logits, (_, _) => { }, new float[moved.Length]);
            return logits.Zip(vector, (z, v) => (double)z * v).Sum();
        }
    }

    [Fact]
    public void ResNet_20_gives_the_logits_of_ONNX_Runtime_and_gradients_that_predict_how_they_change()
    {
        string path = Repository.Shared("models/cifar10-resnet20.onnx");
        var options = new ClassifierOptions { Mean = [0.485f, 0.456f, 0.406f], StandardDeviation = [0.229f, 0.224f, 0.225f], Threads = 2 };
        using var gradients = new GraphGradients(path, options);
        using var classifier = new OnnxRuntimeClassifier(path, options);
        Assert.Equal((classifier.Input, classifier.Classes), (gradients.Input, gradients.Classes));

        const int Count = 8;
        float[] pixels = Pixels(Count * gradients.Input.Length);
        float[] logits = new float[Count * 10];
        float[] gradient = new float[pixels.Length];
        gradients.Backward(pixels, Count, logits, (_, g) => Direction.CopyTo(g), gradient);
        float[] expected = new float[Count * 10];
        classifier.Run(pixels, Count, expected, []);
        Assert.All(expected.Zip(logits), pair => Assert.Equal(pair.First, pair.Second, 1e-3f));

        // Along the gradient a loss grows by its squared norm, to first order.
        double norm = Math.Sqrt(gradient.Sum(value => (double)value * value));
        const double Step = 2e-3;
        double difference = (Along(Step) - Along(-Step)) / (2 * Step);
        Assert.Equal(1, difference / norm, 0.02);

        double Along(double step)
        {
            float[] moved = [.. pixels.Zip(gradient, (x, g) => (float)(x + (step * g / norm)))];
            float[] result = new float[Count * 10];
            classifier.Run(moved, Count, result, []);
            return result.Zip(Direction, (z, v) => (double)z * v).Sum();
        }
    }

    private static float[] Direction { get; } = [.. Enumerable.Range(0, 80).Select(i => MathF.Sin(i))];

    [Fact]
    public void Logits_and_gradients_of_an_image_do_not_depend_on_its_batch()
    {
        using var model = new GraphGradients(Repository.Shared("models/cifar10-resnet20.onnx"), new() { Threads = 2 });
        float[] pixels = Pixels(9 * model.Input.Length);
        (float[] Logits, float[] Gradient) together = Run(pixels);
        (float[] Logits, float[] Gradient)[] alone = [.. pixels.Chunk(model.Input.Length).Select(Run)];
        Assert.Equal(together.Logits, alone.SelectMany(image => image.Logits));
        Assert.Equal(together.Gradient, alone.SelectMany(image => image.Gradient));

        (float[] Logits, float[] Gradient) Run(float[] images)
        {
            int n = images.Length / model.Input.Length;
            (float[] logits, float[] gradient) = (new float[n * 10], new float[images.Length]);
            model.Backward(images, n, logits, (_, g) => g.Fill(1), gradient);
            return (logits, gradient);
        }
    }

    [Fact]
    public void TorchScript_is_refused_with_what_to_do()
    {
        var files = new ModelFiles(Device.Parse("cpu"), 1);
        var model = new AuditedModel { Spec = new ModelSpec { Path = "model.pt" }, Classifier = null!, Sha256 = "", Facts = [] };
        var e = Assert.Throws<AuditException>(() => files.OpenGradients(model));
        Assert.Equal(ExitCode.Usage, e.ExitCode);
        Assert.Contains("torch.onnx.export", e.Message);
    }

    [Fact]
    public void A_model_whose_logits_do_not_follow_from_the_image_is_refused_before_anything_is_measured()
    {
        var graph = new Graph("constant");
        graph.Input("x", "n", 1, 2, 2);
        graph.Initializer("axes", TensorValue.Of([2L, 3L], 2));
        graph.Initializer("half", TensorValue.Of([2f], 1));
        graph.Add("ReduceSum", ["x", "axes"], "sum", ("keepdims", 0));
        graph.Add("Greater", ["sum", "half"], "bright");
        graph.Add("Cast", ["bright"], "float", ("to", 1));
        graph.Initializer("w", TensorValue.Of([1f, 2f], 1, 2));
        graph.Initializer("zeros", TensorValue.Of([3f, 4f], 1, 2));
        graph.Add("Mul", ["float", "w"], "row");
        graph.Add("Add", ["zeros", "row"], "logits");
        graph.Output("logits", "n", 2);
        OnnxFile.Write(graph, _path);
        var e = Assert.Throws<AuditException>(() => new GraphGradients(_path, new() { Threads = 1 }));
        Assert.Contains("cannot be differentiated", e.Message);
        Assert.Equal(ExitCode.Usage, e.ExitCode);
    }

    private static float[] Pixels(int count)
    {
        var random = CounterRandom.For(1, "test pixels", 0);
        return [.. Enumerable.Range(0, count).Select(_ => (float)random.NextDouble())];
    }

    /// <summary>Three channels in, a smooth convolutional network whose gradient is known only by differences.</summary>
    private static Graph Small()
    {
        var graph = new Graph("small");
        graph.Input("x", "n", 3, 6, 6);
        Weight("w", 4, 3, 3, 3);
        Weight("fc.w", 3, 36);
        Weight("fc.b", 3);
        graph.Add("Conv", ["x", "w"], "conv", ("strides", new long[] { 2, 2 }), ("pads", new long[] { 1, 1, 1, 1 }));
        graph.Add("Tanh", ["conv"], "act");
        graph.Add("Flatten", ["act"], "flat");
        graph.Output(graph.Add("Gemm", ["flat", "fc.w", "fc.b"], "logits", ("transB", 1)), "n", 3);
        return graph;

        void Weight(string name, params long[] shape)
        {
            int count = (int)shape.Aggregate((a, b) => a * b);
            graph.Initializer(name, TensorValue.Of([.. Enumerable.Range(0, count).Select(i => 0.3f * MathF.Sin((i * i) + name.Length))], shape));
        }
    }
}
