using AuditKit.Data;
using AuditKit.Imaging;
using AuditKit.Models.Onnx;
using AuditKit.Training.Graphs;
using AuditKit.Training.Loop;
using AuditKit.Training.Remedies;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Remedies;

/// <summary>
/// A smooth network of a few weights, 4 pixels → tanh of 3 (<c>embedding</c>) → 2 logits, and images of 2×2 pixels in
/// groups of any sizes: small enough for loops in doubles and for finite differences.
/// </summary>
internal sealed class TinyTask : IDisposable
{
    private const string Sgd = "{ name: sgd, rate: 0.1 }";

    private static readonly float[] _hidden = [0.5f, -0.4f, 0.3f, 0.8f, -0.6f, 0.2f, 0.7f, -0.1f, 0.4f, 0.9f, -0.8f, 0.25f];
    private static readonly float[] _head = [0.6f, -0.5f, 0.9f, -0.3f, 0.8f, 0.2f];

    private readonly TinyDataset _data;

    /// <param name="groups">For each image its class and the value of its attribute.</param>
    public TinyTask(params (int Class, string Value)[] groups)
    {
        _data = new TinyDataset(groups);
        var graph = new Graph("tiny");
        graph.Input("input", "batch", 1, 2, 2);
        graph.Add("Flatten", ["input"], "pixels");
        graph.Initializer("hidden.weight", TensorValue.Of(_hidden, 3, 4));
        graph.Initializer("head.weight", TensorValue.Of(_head, 2, 3));
        graph.Add("Gemm", ["pixels", "hidden.weight"], "hidden", ("transB", 1L));
        graph.Add("Tanh", ["hidden"], "embedding");
        graph.Add("Gemm", ["embedding", "head.weight"], "logits", ("transB", 1L));
        graph.Output("logits", "batch", 2);
        Network = new GraphModule(graph) { Training = true };
        Groups = GroupTable.Of(_data, "side");
    }

    public GraphModule Network { get; }

    public GroupTable Groups { get; }

    public float[] Pixels(int image) => [.. _data.Load(image).Samples.Select(sample => sample / 255f)];

    /// <summary>The embedding of an image, in doubles.</summary>
    public static double[] Embedding(IReadOnlyList<float> pixels)
        => [.. Enumerable.Range(0, 3).Select(i => Math.Tanh(Enumerable.Range(0, 4).Sum(j => (double)_hidden[(i * 4) + j] * pixels[j])))];

    /// <summary>The logits of an image, in doubles.</summary>
    public static double[] Logits(IReadOnlyList<float> pixels)
    {
        double[] embedding = Embedding(pixels);
        return [.. Enumerable.Range(0, 2).Select(i => Enumerable.Range(0, 3).Sum(j => _head[(i * 3) + j] * embedding[j]))];
    }

    public static double[] Probabilities(IReadOnlyList<double> logits)
    {
        double sum = logits.Sum(Math.Exp);
        return [.. logits.Select(logit => Math.Exp(logit) / sum)];
    }

    public TrainingTask Task(IReadOnlyList<int>? images = null, string method = "{ name: erm }", string optimiser = Sgd) => new(
        Network, _data, images ?? [.. Enumerable.Range(0, _data.Count)], new InputTransform(new InputShape(1, 2, 2)), Groups, Recipe(method, optimiser),
        Path.GetTempPath(), (_, _, _) => { }, CancellationToken.None)
    {
        Normalisation = new AuditKit.Models.Normalisation(new InputShape(1, 2, 2), [], []),
        Validation = new TrainingSet(_data, new InputTransform(new InputShape(1, 2, 2)), [.. Enumerable.Range(0, _data.Count)], Groups),
    };

    /// <summary>The method that a recipe's block makes.</summary>
    public TrainingMethod Method(string block, IReadOnlyList<int>? images = null, string optimiser = Sgd)
    {
        TrainingTask task = Task(images, block, optimiser);
        return task.Recipe.Method(task);
    }

    /// <summary>A step on images, unnormalised: their own pixels or others, and further versions.</summary>
    public TrainingStep Step(int[] images, float[]? pixels = null, float[][]? versions = null, long number = 0) => new(
        Network,
        new Batch(
            new InputShape(1, 2, 2),
            [pixels ?? [.. images.SelectMany(Pixels)], .. versions ?? []],
            [.. images.Select(image => (long)_data.Label(image))],
            [.. images.Select(image => Groups[image])],
            images),
        new TensorNormalisation(new AuditKit.Models.Normalisation(new InputShape(1, 2, 2), [], []), CPU), seed: 7, number, progress: 0);

    /// <summary>The gradient that a loss gives a tensor.</summary>
    public static float[] Gradient(Tensor of, Func<Tensor> loss)
    {
        using DisposeScope scope = NewDisposeScope();
        of.grad?.zero_();
        loss().backward();
        return [.. of.grad!.data<float>()];
    }

    /// <summary>The same by central differences of a loss that is a function of the weights alone.</summary>
    public static float[] Differences(Tensor of, Func<Tensor> loss)
    {
        const float Half = 5e-3f;
        using IDisposable gradients = no_grad();
        using DisposeScope scope = NewDisposeScope();
        float[] differences = new float[of.numel()];
        Tensor flat = of.view(-1);
        for (int i = 0; i < differences.Length; i++)
        {
            float start = flat[i].item<float>();
            float At(float value)
            {
                flat[i].fill_(value);
                return loss().item<float>();
            }

            differences[i] = (At(start + Half) - At(start - Half)) / (2 * Half);
            At(start);
        }

        return differences;
    }

    public static void AssertClose(IReadOnlyList<float> expected, IReadOnlyList<float> actual, double tolerance)
    {
        Assert.Equal(expected.Count, actual.Count);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }

    public void Dispose() => Network.Dispose();

    /// <summary>A recipe with a method.</summary>
    public static Recipe Recipe(string method, string optimiser = Sgd)
    {
        string file = Path.GetTempFileName();
        File.WriteAllText(file, $$"""
            name: tiny
            model: { architecture: resnet8-cifar, mean: [0], std: [1] }
            data: { name: fashion-mnist }
            test: { name: fashion-mnist }
            seed: 7
            epochs: 2
            batch: 4
            optimiser: {{optimiser}}
            method: {{method}}
            """);
        try
        {
            return Training.Loop.Recipe.Load(file, [], MethodCatalog.Key);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private sealed class TinyDataset((int Class, string Value)[] groups) : IDataset
    {
        public string Name => "tiny";

        public string Format => "synthetic";

        public IReadOnlyList<string> Files => [];

        public int Count => groups.Length;

        public IReadOnlyList<string> Classes => ["zero", "one"];

        public IReadOnlyList<string> Attributes => ["side"];

        public int Label(int index) => groups[index].Class;

        public string Attribute(string name, int index) => groups[index].Value;

        public string Source(int index) => $"#{index}";

        public Image Load(int index) => new(2, 2, 1, [.. Enumerable.Range(0, 4).Select(i => (byte)((31 + (53 * index) + (97 * i * (index + 1))) % 256))]);

        public void Dispose()
        {
        }
    }
}
