using System.Globalization;
using AuditKit.Data;
using AuditKit.Imaging;
using AuditKit.Models;
using AuditKit.Models.Onnx;
using AuditKit.Training.Graphs;
using AuditKit.Training.Loop;
using AuditKit.Training.Remedies;

namespace AuditKit.Training.Tests.Remedies.LastLayer;

/// <summary>
/// Images of 2×2 pixels whose first tells the class under noise, whose second tells the attribute plainly, and whose others are noise; the
/// attribute gives the class away for 95 % of 400 training images, for three quarters of 200 held-out ones, and tells nothing in 400 test
/// images. A linear classifier of the pixels sees it all, and its embedding is the pixels.
/// </summary>
internal sealed class SpuriousTask : IDisposable
{
    private const int Training = 400, Validation = 200, Test = 400;

    private static readonly InputShape s_input = new(1, 2, 2);

    private readonly string _folder = Directory.CreateTempSubdirectory("auditkit-spurious").FullName;
    private readonly SpuriousDataset _data = new();
    private readonly InputTransform _transform = new(s_input);
    private readonly GroupTable _groups;
    private readonly Recipe _recipe;
    private readonly Normalisation _normalisation = new(s_input, [0.5f], [0.25f]);

    /// <param name="method">The recipe's <c>method:</c> block.</param>
    /// <param name="epochs">How long it trains.</param>
    /// <param name="held">The held-out images; null for all.</param>
    /// <param name="blend">
    /// Makes the embedding a large multiple of the pixels' mean and this much of each, so that its numbers are nearly the same; null for the pixels.
    /// </param>
    /// <param name="floor">The recipe's <c>selection.floor</c>.</param>
    public SpuriousTask(string method, int epochs = 4, IReadOnlyList<int>? held = null, float? blend = null, double floor = 0)
    {
        string file = Path.Combine(_folder, "recipe.yaml");
        File.WriteAllText(file, $$"""
            name: spurious
            model: { path: start.onnx, mean: [0.5], std: [0.25] }
            data: { name: fashion-mnist }
            test: { name: fashion-mnist }
            seed: 3
            epochs: {{epochs}}
            batch: 20
            optimiser: { name: sgd, rate: 0.2 }
            method: {{method}}
            selection: { floor: {{floor.ToString(CultureInfo.InvariantCulture)}} }
            """);
        _recipe = Recipe.Load(file, [], MethodCatalog.Key);
        _groups = GroupTable.Of(_data, "side");
        var graph = new Graph("spurious");
        graph.Input("input", "batch", 1, 2, 2);
        graph.Add("Flatten", ["input"], "pixels");
        graph.Initializer("weight", TensorValue.Of([.. new float[8]], 2, 4));
        graph.Initializer("bias", TensorValue.Of([.. new float[2]], 2));
        string embedding = "pixels";
        if (blend is { } share)
        {
            graph.Initializer("blend", TensorValue.Of([.. Enumerable.Range(0, 16).Select(i => 25 + (i % 5 == 0 ? share : 0))], 4, 4));
            embedding = graph.Add("MatMul", ["pixels", "blend"], "blended");
        }

        graph.Add("Gemm", [embedding, "weight", "bias"], "logits", ("transB", 1L));
        graph.Output("logits", "batch", 2);
        Network = new GraphModule(graph);
        Task = new TrainingTask(
            Network, _data, [.. Enumerable.Range(0, Training)], _transform, _groups, _recipe, _folder, (what, _, _) => Told(what), CancellationToken.None)
        {
            Normalisation = _normalisation,
            Validation = Set(held ?? [.. Enumerable.Range(Training, Validation)]),
        };
        Method = _recipe.Method(Task);
    }

    public GraphModule Network { get; }

    public TrainingTask Task { get; }

    public TrainingMethod Method { get; }

    public string Checkpoint => Path.Combine(_folder, "checkpoint.bin");

    /// <summary>Told what the method and the trainer are doing.</summary>
    public Action<string> Told { get; set; } = _ => { };

    /// <summary>Weights and biases, as a row [w, b] of doubles for each class.</summary>
    public double[][] Head
    {
        get
        {
            float[] weight = [.. Network.Parameters["weight"].data<float>()], bias = [.. Network.Parameters["bias"].data<float>()];
            return [.. Enumerable.Range(0, 2).Select(k => weight[(4 * k)..(4 * (k + 1))].Append(bias[k]).Select(value => (double)value).ToArray())];
        }
    }

    public Trainer Train(CancellationToken cancellation = default)
    {
        var trainer = new Trainer(_recipe, Network, _normalisation, Method, Task.ToTrainingSet(), Task.Validation);
        trainer.Run(Checkpoint, (what, _, _) => Told(what), cancellation);
        return trainer;
    }

    /// <summary>
    /// Requires that a method chooses among its settings as epochs are chosen: among those that reach the floor the best worst group, and the most
    /// accurate one where none does.
    /// </summary>
    /// <param name="settings">Settings of which one has the best worst group and another the best accuracy.</param>
    /// <param name="floor">0, which all settings reach, or 1, which none does.</param>
    /// <param name="task">The task whose method tries some settings, separated by commas, with a floor.</param>
    public static void RequireTheRecipesRule(string[] settings, double floor, Func<string, double, SpuriousTask> task)
    {
        ValidationScore[] alone = [.. settings.Select(setting => Fitted(setting, 0))];
        ValidationScore worst = alone.MaxBy(score => score.WorstGroup), accurate = alone.MaxBy(score => score.Accuracy);
        Assert.NotEqual(worst, accurate);

        ValidationScore chosen = Fitted(string.Join(", ", settings), floor);

        Assert.Equal((floor == 0 ? worst : accurate).Accuracy, chosen.Accuracy, 0.011);
        Assert.Equal((floor == 0 ? worst : accurate).WorstGroup, chosen.WorstGroup, 0.05);

        ValidationScore Fitted(string tried, double least)
        {
            using SpuriousTask fitting = task(tried, least);
            return fitting.Train().Fitted!.Value;
        }
    }

    /// <summary>The worst group's accuracy on the test images.</summary>
    public double Worst()
    {
        TrainingSet set = Set([.. Enumerable.Range(Training + Validation, Test)]);
        double[][] head = Head;
        return set.Groups.Index().GroupBy(image => image.Item, image => image.Index).Min(group => group.Average(image =>
        {
            double[] x = Features(Training + Validation + image);
            return Answer(head, x) == set.Classes[image] ? 1.0 : 0;
        }));
    }

    /// <summary>An image as the network sees it, and a 1 for the bias.</summary>
    public double[] Features(int image) => [.. _data.Load(image).Samples.Select(sample => ((sample / 255f) - 0.5f) / 0.25f).Select(pixel => (double)pixel), 1];

    public static double[] Logits(double[][] head, double[] x) => [.. head.Select(row => row.Zip(x, (w, feature) => w * feature).Sum())];

    public static int Answer(double[][] head, double[] x) => Array.IndexOf(Logits(head, x), Logits(head, x).Max());

    public void Dispose()
    {
        Method.Dispose();
        Network.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private TrainingSet Set(IReadOnlyList<int> images) => new(_data, _transform, images, _groups);

    private sealed class SpuriousDataset : IDataset
    {
        public string Name => "spurious";

        public string Format => "synthetic";

        public IReadOnlyList<string> Files => [];

        public int Count => Training + Validation + Test;

        public IReadOnlyList<string> Classes => ["zero", "one"];

        public IReadOnlyList<string> Attributes => ["side"];

        public int Label(int index) => index % 2;

        public string Attribute(string name, int index) => (Label(index) == 1) == IsAligned(index) ? "right" : "left";

        public string Source(int index) => $"#{index}";

        public Image Load(int index)
        {
            CounterRandom random = CounterRandom.For(1, "spurious", index);
            double Pixel(double mean, double deviation) => Math.Clamp(Math.Round(255 * (mean + (deviation * random.NextNormal()))), 0, 255);
            return new Image(2, 2, 1,
            [
                (byte)Pixel(Label(index) == 1 ? 0.65 : 0.35, 0.13), (byte)Pixel(Attribute("side", index) == "right" ? 0.75 : 0.25, 0.03),
                (byte)Pixel(0.5, 0.2), (byte)Pixel(0.5, 0.2),
            ]);
        }

        public void Dispose()
        {
        }

        private static bool IsAligned(int index) => index < Training ? index / 2 % 20 != 0 : index / 2 % (index < Training + Validation ? 4 : 2) != 0;
    }
}
