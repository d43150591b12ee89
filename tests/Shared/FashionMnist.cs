using AuditKit.Data;
using AuditKit.Models;
using AuditKit.Models.Onnx;
using AuditKit.Yaml;

namespace AuditKit.Tests;

/// <summary>The shipped reference model, the shipped test images, and int8 models made of both.</summary>
internal static class FashionMnist
{
    private const float Mean = 0.286f, Deviation = 0.353f;

    /// <summary>The model's file.</summary>
    public static string Model { get; } = Path.Combine(Repository.Root, "reference-models", "fashion-mnist-resnet8", "model.onnx");

    /// <summary>The folder of the test images.</summary>
    public static string Data { get; } = Path.Combine(Repository.Root, "audits", "data", "fashion-mnist");

    /// <summary>The model, read.</summary>
    public static Graph Graph => OnnxFile.Read(Model);

    /// <summary>What a spec says of it.</summary>
    public static ClassifierOptions Options { get; } = new() { Threads = 1, Mean = [Mean], StandardDeviation = [Deviation] };

    /// <summary>The first test images, n×1×28×28 pixels in [0, 1].</summary>
    public static float[] Pixels(int count)
    {
        using IDataset data = DatasetCatalog.Open(
            DataSpec.Parse(SpecMap.Parse("test", $"{{ name: fashion-mnist, path: {Data}, split: test, limit: {count} }}"), Repository.Root));
        return [.. Enumerable.Range(0, count).SelectMany(image => data.Load(image).Samples.ToArray().Select(sample => sample / 255f))];
    }

    /// <summary>The model in 8 bits, its ranges those of 64 images.</summary>
    public static Graph Quantised(QuantisedForm form)
        => Quantiser.Quantise(Graph, form, [.. Pixels(64).Select(pixel => (pixel - Mean) / Deviation)], 64);
}
