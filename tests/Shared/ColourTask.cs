using AuditKit.Data;
using AuditKit.Imaging;
using AuditKit.Models;
using AuditKit.Models.Onnx;

namespace AuditKit.Tests;

/// <summary>
/// Ten classes that are ten colours with Gaussian noise on them, and the model that is best at telling them apart: under its own
/// preprocessing its logits are log p(image | class) of each image's mean colour, and under any other they are not.
/// </summary>
internal sealed class ColourTask(int channels, int count, int side = 8) : IDataset
{
    public const int Count10 = 10;
    private const double Deviation = 0.06;

    public string Name => "colours";

    public string Format => "made in a test";

    public IReadOnlyList<string> Files => [];

    public int Count => count;

    public IReadOnlyList<string> Classes { get; init; } = [.. Enumerable.Range(1, Count10).Select(k => $"colour {k:00}")];

    public IReadOnlyList<string> Attributes => [];

    /// <summary>The true class, which differs from the label where labels are permuted.</summary>
    public Func<int, int> LabelOf { get; init; } = k => k;

    /// <summary>The side of an image in pixels, where not all have the same.</summary>
    public Func<int, int> SideOf { get; init; } = _ => side;

    public int Label(int index) => LabelOf(index % Count10);

    public string Attribute(string name, int index) => throw new ArgumentException("There is none.", nameof(name));

    public string Source(int index) => $"#{index}";

    public Image Load(int index)
    {
        var random = CounterRandom.For(1, "colour task", index);
        var image = new Image(SideOf(index), SideOf(index), channels);
        double[] colour = [.. Colour(index % Count10, channels).Select(value => value + (Deviation * random.NextNormal()))];
        for (int i = 0; i < image.Samples.Length; i++)
        {
            image.Samples[i] = (byte)Math.Clamp(Math.Round(255 * colour[i % channels]), 0, 255);
        }

        return image;
    }

    public void Dispose()
    {
    }

    /// <summary>Writes the images as PNG files, a folder a class.</summary>
    public void WriteFolder(string folder)
    {
        for (int i = 0; i < count; i++)
        {
            string of = Path.Combine(folder, Classes[Label(i)]);
            Directory.CreateDirectory(of);
            File.WriteAllBytes(Path.Combine(of, $"{i:0000}.png"), Png.Encode(Load(i)));
        }
    }

    /// <summary>The best model under a preprocessing.</summary>
    public static Graph Model(UsualPreprocessing usual, int channels, int side = 8)
    {
        float[] weights = new float[Count10 * channels], biases = new float[Count10];
        for (int k = 0; k < Count10; k++)
        {
            double[] colour = Colour(k, channels);
            for (int c = 0; c < channels; c++)
            {
                // Where channel c of the input has which colour, black and white of it, and so the colour as the model sees it.
                int from = usual.Channels == ChannelOrder.Bgr ? 2 - c : c;
                (double black, double white) = usual.Range switch { PixelRange.Bytes => (0.0, 255.0), PixelRange.Signed => (-1, 1), _ => (0, 1) };
                double std = usual.Std.Count > 0 ? usual.Std[c] : 1;
                double scale = (white - black) / std;
                double seen = (black + (colour[from] * (white - black)) - (usual.Mean.Count > 0 ? usual.Mean[c] : 0)) / std;
                double variance = Deviation * Deviation * scale * scale;
                weights[(k * channels) + c] = (float)(seen / variance);
                biases[k] -= (float)(seen * seen / (2 * variance));
            }
        }

        var graph = new Graph("colours");
        string x = graph.Input("input", "batch", channels, side, side);
        graph.Initializer("weight", TensorValue.Of(weights, Count10, channels));
        graph.Initializer("bias", TensorValue.Of(biases, Count10));
        x = graph.Add("Flatten", [graph.Add("GlobalAveragePool", [x], "mean")], "flat");
        graph.Output(graph.Add("Gemm", [x, "weight", "bias"], "logits", ("transB", 1L)), "batch", Count10);
        return graph;
    }

    private static double[] Colour(int k, int channels)
    {
        var random = CounterRandom.For(2, "colours", k);
        return [.. Enumerable.Range(0, channels).Select(_ => channels == 1 ? 0.05 + (0.1 * k) : 0.2 + (0.6 * random.NextDouble()))];
    }
}
