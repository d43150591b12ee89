using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using AuditKit.Models;
using AuditKit.Models.Metadata;
using AuditKit.Models.Onnx;
using AuditKit.Training.Graphs;
using AuditKit.Training.Graphs.Channels;
using TorchSharp;

namespace AuditKit.Training.Remedies.Sparse;

/// <summary>What became of a sparse model: its layers, and what the file without dead channels saves.</summary>
/// <param name="Model">The model without its dead channels, or the trained one where that one does not answer alike.</param>
/// <param name="Layers">For each layer its name, how many weights it had, how many of them are other than zero, how many are in the file.</param>
/// <param name="Dense">What the model is like with all its zeros.</param>
/// <param name="Small">What the model is like without its dead channels.</param>
/// <param name="Difference">The largest difference of a logit between both, over images of noise.</param>
/// <param name="Kept">Why dead channels stayed in the model; null where they left it.</param>
internal sealed record SparsityReport(
    Graph Model,
    IReadOnlyList<(string Name, long Had, long NotZero, long Stored)> Layers,
    SparsityReport.Cost Dense,
    SparsityReport.Cost Small,
    double Difference,
    string? Kept)
{
    private const int Images = 64, Rounds = 5;

    /// <summary>By how much logits may differ, as a share of the largest: what rounding in another order does.</summary>
    private const double MostDifference = 1e-4;

    /// <summary>Removes dead channels and measures what that saves.</summary>
    /// <param name="trained">The trained model.</param>
    /// <param name="layers">Its layers.</param>
    /// <param name="use">How it takes images.</param>
    public static SparsityReport Of(Graph trained, IReadOnlyList<LinearLayer> layers, ModelSpec use) => Of(trained, layers, use, DeadChannels.Remove);

    /// <summary>Measures what removing dead channels saves, in whatever way that is done.</summary>
    internal static SparsityReport Of(
        Graph trained, IReadOnlyList<LinearLayer> layers, ModelSpec use, Func<Graph, ClassifierOptions, Graph> remove)
    {
        ClassifierOptions options = use.Options(Device.Cpu, threads: 1);
        Dictionary<string, long> had = layers.ToDictionary(layer => layer.Name, layer => (long)trained.Initializers[layer.Name].Count);
        DenseWeights.Write(trained, had);
        IReadOnlyDictionary<string, long> noted = DenseWeights.Read(trained);
        using var before = new OnnxRuntimeClassifier(trained, options);
        float[] images = [.. Enumerable.Range(0, Images).SelectMany(image => Noise(image, before.Input.Length))];
        (double[] rates, float[] logits) dense = ([], []), less = ([], []);
        (Graph small, double difference, string? kept) = (trained, 0, null);
        try
        {
            small = remove(trained, options);
            using var after = new OnnxRuntimeClassifier(small, options);
            for (int round = 0; round <= Rounds; round++)
            {
                // They take turns, so that what else the machine does falls on both; the first round warms them up.
                dense = Run(before, images, dense.rates, isCounted: round > 0);
                less = Run(after, images, less.rates, isCounted: round > 0);
            }

            difference = dense.logits.Zip(less.logits, (one, other) => (double)Math.Abs(one - other)).Max();
            double most = (SinglePrecision.HasHalves(trained) ? ModelDoctor.HalfTolerance : MostDifference) * dense.logits.Max(Math.Abs);
            kept = difference <= most ? null : $"without them its logits differ by {NumberText.Value(difference)}, more than {NumberText.Value(most)}";
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Hours of training must not end without a model because a smaller one cannot be had.
            kept = $"taking them out failed ({e.Message})";
        }

        small = kept is null ? small : trained;
        return new SparsityReport(
            small,
            [.. layers.Select(layer => (layer.Name, noted[layer.Name], NotZero(trained.Initializers[layer.Name]),
                (long)small.Initializers[layer.Name].Count))],
            Cost.Of(trained, dense.rates),
            Cost.Of(small, less.rates),
            difference,
            kept);
    }

    /// <summary>The report as Markdown.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder("| layer | weights | other than zero | sparsity | left in the file |\n|---|---:|---:|---:|---:|\n");
        foreach ((string name, long had, long notZero, long stored) in Layers)
        {
            text.Append(CultureInfo.InvariantCulture, $"| `{name}` | {had} | {notZero} | {Percent(notZero, had)} | {stored} |\n");
        }

        (long all, long left) = (Layers.Sum(layer => layer.Had), Layers.Sum(layer => layer.NotZero));
        text.Append(CultureInfo.InvariantCulture, $"| all | {all} | {left} | {Percent(left, all)} | {Layers.Sum(layer => layer.Stored)} |\n\n");
        text.Append(left == 0 ? "No weight is left: the answers do not depend on the image.\n"
            : $"Compression |W|/|W≠0|: ×{NumberText.Value((double)all / left)}, biases not counted.\n");
        if (Kept is { } reason)
        {
            text.Append($"\nChannels that hold a constant, or that nothing has a weight for, stayed in the file: {reason}. It has {Dense.Bytes} bytes, "
                + $"{Dense.Zipped} by gzip{(Dense.Rate > 0 ? $"; ONNX Runtime answers {NumberText.Value(Dense.Rate)} images/s on one thread" : "")}.\n");
            return text.ToString();
        }

        text.Append(CultureInfo.InvariantCulture, $"""

            Channels that hold a constant, or that nothing has a weight for, have left the file; biases took the constants over. Its logits are
            those of the network with all its zeros to {NumberText.Value(Difference)} ({Images} images of noise, ONNX Runtime).

            | | all zeros kept | dead channels removed | |
            |---|---:|---:|---:|
            | file | {Dense.Bytes} bytes | {Small.Bytes} bytes | ÷{NumberText.Value((double)Dense.Bytes / Small.Bytes)} |
            | file, gzip | {Dense.Zipped} bytes | {Small.Zipped} bytes | ÷{NumberText.Value((double)Dense.Zipped / Small.Zipped)} |
            | ONNX Runtime, one thread | {NumberText.Value(Dense.Rate)} images/s | {NumberText.Value(Small.Rate)} images/s | ×{NumberText.Value(Small.Rate / Dense.Rate)} |

            Zeros that are left cost as much room and time as other numbers: ONNX's sparse tensors are read by few programs, so the file has
            none. gzip shows what they are worth. The speeds are of the machine that trained, and the only figures here that another run changes.

            """);
        return text.ToString().Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    // Of what the file holds: halves may be 0 where what was trained is not.
    private static long NotZero(TensorValue weights)
    {
        using torch.Tensor tensor = weights.ToTensor();
        return tensor.count_nonzero().item<long>();
    }

    // As images are, in [0, 1], and every other one far beyond.
    private static float[] Noise(int image, int length)
    {
        CounterRandom random = CounterRandom.For(0, "sparsity/noise", image);
        return [.. Enumerable.Range(0, length).Select(_ => (float)(image % 2 == 0 ? random.NextDouble() : random.NextNormal()))];
    }

    private static (double[] Rates, float[] Logits) Run(OnnxRuntimeClassifier model, float[] images, double[] rates, bool isCounted)
    {
        float[] logits = new float[Images * model.Classes];
        long start = Stopwatch.GetTimestamp();
        int runs = 0;
        do
        {
            model.Run(images, Images, logits, []);
            runs++;
        }
        while (Stopwatch.GetElapsedTime(start).TotalMilliseconds < 20);
        double rate = runs * Images / Stopwatch.GetElapsedTime(start).TotalSeconds;
        return (isCounted ? [.. rates, rate] : rates, logits);
    }

    private static string Percent(long notZero, long had) => NumberText.Percent(1 - ((double)notZero / had));

    /// <summary>What a model takes.</summary>
    /// <param name="Bytes">The file's size.</param>
    /// <param name="Zipped">Its size once gzip has compressed it.</param>
    /// <param name="Rate">Images a second.</param>
    internal sealed record Cost(long Bytes, long Zipped, double Rate)
    {
        /// <summary>The cost of a model whose speed was measured.</summary>
        public static Cost Of(Graph graph, double[] rates)
        {
            byte[] bytes = OnnxFile.ToBytes(graph);
            using var zipped = new MemoryStream();
            using (var zip = new GZipStream(zipped, CompressionLevel.Optimal, leaveOpen: true))
            {
                zip.Write(bytes);
            }

            return new Cost(bytes.Length, zipped.Length, rates.Order().ElementAtOrDefault(rates.Length / 2));
        }
    }
}
