using AuditKit.Models.Onnx;
using AuditKit.Training.Graphs;

namespace AuditKit.Training.Remedies.WeightPrior;

/// <summary>The trained networks that a prior over kernels is learnt from.</summary>
internal static class SourceNetworks
{
    /// <summary>The kernels of one convolution in all of them.</summary>
    /// <param name="files">The networks' files.</param>
    /// <param name="layer">The name of the convolution's weights.</param>
    /// <param name="window">Height and width of its kernels.</param>
    /// <param name="smallest">The share of the largest norm in a network below which its kernels are left out.</param>
    /// <exception cref="AuditException">A network has no such weights, or kernels of another size.</exception>
    public static SourceKernels Kernels(IReadOnlyList<string> files, string layer, (long Height, long Width) window, double smallest)
    {
        int size = checked((int)(window.Height * window.Width)), seen = 0;
        var kept = new List<float>();
        foreach (string file in files)
        {
            (float[] Kernel, double Norm)[] kernels =
            [
                .. Weights(file, layer, window).Chunk(size).Select(kernel => (kernel, Math.Sqrt(kernel.Sum(value => (double)value * value)))),
            ];
            seen += kernels.Length;
            double least = smallest * kernels.Max(kernel => kernel.Norm);
            kept.AddRange(kernels.Where(kernel => kernel.Norm > least).SelectMany(kernel => kernel.Kernel));
        }

        return new SourceKernels(layer, size, [.. kept], files.Count, seen - (kept.Count / size));
    }

    private static float[] Weights(string file, string layer, (long Height, long Width) window)
    {
        Graph graph = SinglePrecision.Of(OnnxFile.Read(file));
        if (!graph.Initializers.TryGetValue(layer, out TensorValue? weights) || weights.Type != ElementType.Float || weights.Dimensions.Length != 4)
        {
            string[] convolutions = [.. graph.Initializers.Where(each => each.Value.Dimensions.Length == 4).Select(each => each.Key)];
            throw new AuditException($"{file}: the source network has no convolution '{layer}', which the trained network has. It has: "
                + $"{string.Join(", ", convolutions.DefaultIfEmpty("none"))}.");
        }

        return (weights.Dimensions[2], weights.Dimensions[3]) == window
            ? weights.As<float>().ToArray()
            : throw new AuditException($"{file}: the kernels of '{layer}' are {weights.Dimensions[2]}×{weights.Dimensions[3]}, those of the trained "
                + $"network {window.Height}×{window.Width}.");
    }
}
