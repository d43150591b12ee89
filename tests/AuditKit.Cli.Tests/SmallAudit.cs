using System.Buffers.Binary;
using AuditKit.Models.Onnx;

namespace AuditKit.Cli.Tests;

/// <summary>
/// A folder with an audit whose answers are known: 8×8 grey images, bright or dark, and a linear model that tells
/// them apart by their sum. The model is right on every image.
/// </summary>
internal sealed class SmallAudit : IDisposable
{
    private const int Side = 8;

    public SmallAudit(int images = 300)
    {
        Folder = Directory.CreateTempSubdirectory("auditkit-cli").FullName;
        WriteData(Path.Combine(Folder, "data"), images);
        OnnxFile.Write(Model(bias: 0), Path.Combine(Folder, "model.onnx"));
        WriteSpec("accuracy: { min: 0.9 }\n  stability: { perturbations: [jpeg-50, crop-1], max-flip-rate: 0.05 }\n  simba: { images: 20, "
            + "epsilon: 0.2, iterations: 60 }");
    }

    public string Folder { get; }

    public void WriteSpec(string checks) => File.WriteAllText(Path.Combine(Folder, "audit.yaml"), $$"""
        name: Bright or dark
        model: { path: model.onnx }
        data: { format: idx, path: data, split: test, classes: [dark, bright] }
        seed: 1
        checks:
          {{checks}}
        """);

    /// <summary>Logits (0, Σx − 32 + bias): bright is class 1.</summary>
    public static Graph Model(float bias)
    {
        var graph = new Graph("bright or dark");
        graph.Input("input", "N", 1, Side, Side);
        float[] weights = [.. Enumerable.Repeat(0f, Side * Side), .. Enumerable.Repeat(1f, Side * Side)];
        graph.Initializer("weight", TensorValue.Of(weights, 2, Side * Side));
        graph.Initializer("bias", TensorValue.Of([0f, bias - (Side * Side / 2f)], 2));
        graph.Add("Flatten", ["input"], "flat");
        graph.Add("Gemm", ["flat", "weight", "bias"], "logits", ("transB", 1L));
        graph.Output("logits", "N", 2);
        return graph;
    }

    public (ExitCode ExitCode, string Output) Run(params string[] arguments) => CommandLine.Run(Folder, ["run", "audit.yaml", "--out", "run", .. arguments]);

    public byte[] Read(string file) => File.ReadAllBytes(Path.Combine(Folder, "run", file));

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>Writes images, dark and bright by turns, into a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="images">How many.</param>
    /// <param name="first">The first one's number: images of the same number are the same.</param>
    public static void WriteData(string folder, int images, int first = 0)
    {
        Directory.CreateDirectory(folder);
        byte[] pixels = new byte[16 + (images * Side * Side)];
        byte[] labels = new byte[8 + images];
        foreach ((int at, int value) in new[] { (0, 0x803), (4, images), (8, Side), (12, Side) })
        {
            BinaryPrimitives.WriteInt32BigEndian(pixels.AsSpan(at), value);
        }

        BinaryPrimitives.WriteInt32BigEndian(labels, 0x801);
        BinaryPrimitives.WriteInt32BigEndian(labels.AsSpan(4), images);
        for (int i = 0; i < images; i++)
        {
            CounterRandom random = CounterRandom.For(7, "small audit", first + i);
            labels[8 + i] = (byte)(i % 2);
            for (int p = 0; p < Side * Side; p++)
            {
                pixels[16 + (i * Side * Side) + p] = (byte)((i % 2 == 0 ? 40 : 160) + random.NextInt32(50));
            }
        }

        File.WriteAllBytes(Path.Combine(folder, "t10k-images-idx3-ubyte"), pixels);
        File.WriteAllBytes(Path.Combine(folder, "t10k-labels-idx1-ubyte"), labels);
    }
}
