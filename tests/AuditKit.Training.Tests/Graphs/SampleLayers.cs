using AuditKit.Checks.Weights;
using AuditKit.Training.Graphs;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Graphs;

/// <summary>Small layers with random weights, and their matrices W written out.</summary>
internal static class SampleLayers
{
    /// <summary>Layers by name: all that a penalty must tell apart.</summary>
    public static IReadOnlyDictionary<string, LinearLayer> All { get; } = new Dictionary<string, LinearLayer>
    {
        ["3 by 3"] = new("3 by 3", Weights(5, 3, 3, 3)),
        ["3 by 3, wide"] = new("3 by 3, wide", Weights(3, 5, 3, 3)),
        ["stride 2"] = new("stride 2", Weights(14, 3, 3, 3)) { Stride = (2, 2) },
        ["stride 2, wide"] = new("stride 2, wide", Weights(4, 3, 3, 3)) { Stride = (2, 2) },
        ["uneven strides"] = new("uneven strides", Weights(8, 2, 2, 3)) { Stride = (1, 3) },
        ["5 by 5, stride 2, wide"] = new("5 by 5, stride 2, wide", Weights(3, 2, 5, 5)) { Stride = (2, 2) },
        ["dilated"] = new("dilated", Weights(4, 2, 3, 3)) { Dilation = (2, 2) },
        ["dilated by 2 and 3, stride 2"] = new("dilated by 2 and 3, stride 2", Weights(9, 2, 3, 3)) { Dilation = (2, 3), Stride = (2, 2) },
        ["dilated by 2 and 3, stride 2, wide"] = new("dilated by 2 and 3, stride 2, wide", Weights(3, 2, 3, 3)) { Dilation = (2, 3), Stride = (2, 2) },
        ["groups"] = new("groups", Weights(6, 2, 3, 3)) { Groups = 2 },
        ["depthwise"] = new("depthwise", Weights(3, 1, 3, 3)) { Groups = 3 },
        ["patches"] = new("patches", Weights(10, 2, 2, 2)) { Stride = (2, 2) },
        ["1 by 1 that skips"] = new("1 by 1 that skips", Weights(9, 2, 1, 1)) { Stride = (2, 2) },
        ["1 by 1 that skips, wide"] = new("1 by 1 that skips, wide", Weights(4, 2, 1, 1)) { Stride = (2, 2) },
        ["matrix"] = new("matrix", Weights(7, 4)),
        ["matrix, wide"] = new("matrix, wide", Weights(4, 7)),
        ["transposed, scaled matrix"] = new("transposed, scaled matrix", Weights(4, 7)) { IsTransposed = true, Scale = 0.5 },
    };

    public static TheoryData<string> Names => [.. All.Keys];

    /// <summary>A layer's filters as plain numbers: a row an output.</summary>
    public static double[][] Filters(LinearLayer layer)
    {
        double[] all = [.. layer.Filters().contiguous().data<double>()];
        return [.. all.Chunk((int)layer.Filters().shape[2])];
    }

    /// <summary>
    /// The rows of V = WᵀW (WWᵀ for a wide layer) that no border touches, one for each channel (filter) and phase of the
    /// stride, from W written out for an input large enough, by the weights check's own block-Toeplitz matrix. Each row
    /// starts with the entry on V's diagonal.
    /// </summary>
    public static double[][] InteriorRowsOfV(LinearLayer layer)
    {
        if (layer.Weights.ndim == 2)
        {
            double[][] matrix = Filters(layer);
            double[][] units = layer.IsWide ? matrix : Columns(matrix);
            return [.. units.Select((unit, i) => Row(unit, i, units))];
        }

        long[] shape = layer.Weights.shape;
        (int extentY, int extentX) = ((((int)shape[2] - 1) * layer.Dilation.Y) + 1, (((int)shape[3] - 1) * layer.Dilation.X) + 1);
        var window = new ConvolutionWindow
        {
            Channels = (int)shape[1] * layer.Groups,
            Filters = (int)shape[0],
            KernelHeight = (int)shape[2],
            KernelWidth = (int)shape[3],
            Groups = layer.Groups,
            StrideY = layer.Stride.Y,
            StrideX = layer.Stride.X,
            DilationY = layer.Dilation.Y,
            DilationX = layer.Dilation.X,
            Height = (3 * extentY) + (2 * layer.Stride.Y),
            Width = (3 * extentX) + (2 * layer.Stride.X),
        };
        double[][] toeplitz = new Convolution([.. layer.Weights.contiguous().data<double>().Select(w => (float)w)], window, 1).ToMatrix();
        double[][] vectors = layer.IsWide ? toeplitz : Columns(toeplitz);
        (int height, int width) = layer.IsWide ? (window.OutputHeight, window.OutputWidth) : (window.Height, window.Width);
        // A pixel that far from the border is in all windows that could hold it; a window, that it overlaps with, likewise.
        (int firstY, int firstX) = layer.IsWide
            ? ((extentY - 1 + layer.Stride.Y - 1) / layer.Stride.Y, (extentX - 1 + layer.Stride.X - 1) / layer.Stride.X)
            : (extentY - 1, extentX - 1);
        (int phasesY, int phasesX) = layer.IsWide ? (1, 1) : layer.Stride;
        return
        [
            .. from channel in Enumerable.Range(0, layer.IsWide ? window.Filters : window.Channels)
               from y in Enumerable.Range(firstY, phasesY)
               from x in Enumerable.Range(firstX, phasesX)
               let i = (((channel * height) + y) * width) + x
               select Row(vectors[i], i, vectors),
        ];

        static double[] Row(double[] unit, int i, double[][] units)
            => [Inner(unit, unit), .. units.Where((_, j) => j != i).Select(other => Inner(unit, other))];
    }

    /// <summary>Random numbers whose single precision is exact, so that both engines compute with the same.</summary>
    public static Tensor Weights(params long[] shape)
    {
        long count = shape.Aggregate((a, b) => a * b);
        var random = CounterRandom.For(7, $"weights {string.Join('×', shape)}", 0);
        return tensor([.. Enumerable.Range(0, (int)count).Select(_ => (double)(float)(0.4 * random.NextNormal()))], shape);
    }

    private static double[][] Columns(double[][] rows) => [.. Enumerable.Range(0, rows[0].Length).Select(j => rows.Select(row => row[j]).ToArray())];

    private static double Inner(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();
}
