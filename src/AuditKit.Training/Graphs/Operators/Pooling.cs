using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace AuditKit.Training.Graphs.Operators;

/// <summary>Pooling over windows and over whole images.</summary>
internal static class Pooling
{
    public static void Register(OperatorTable table)
    {
        table.Add("MaxPool", new Operator(Max));
        table.Add("AveragePool", Average);
        table.Add("LpPool", Lp);
        table.Add("GlobalAveragePool", c => c.X.mean(Spatial(c.X), keepdim: true));
        table.Add("GlobalMaxPool", c => c.X.amax(Spatial(c.X), keepdim: true));
    }

    private static long[] Spatial(Tensor x) => [.. Enumerable.Range(2, (int)x.ndim - 2).Select(axis => (long)axis)];

    private static Tensor[] Max(NodeContext c)
    {
        Tensor x = c.X;
        var window = Window.Read(c, x);
        bool roundUp = c.Flag("ceil_mode");
        ScalarType type = x.dtype;
        if (!x.is_floating_point())
        {
            // libtorch pools floating point numbers only; 8-bit numbers are exact in them.
            x = x.to(ScalarType.Float32);
        }

        long[] pads = window.Begin;
        if (!FitsLibtorch(window))
        {
            (x, pads) = (window.Pad(x, double.NegativeInfinity), new long[pads.Length]);
        }

        (long[] kernel, long[] strides, long[] dilations) = (window.Kernel, window.Strides, window.Dilations);
        if (c.Wants(1))
        {
            if (kernel.Length != 2 || !FitsLibtorch(window))
            {
                throw c.Unusable("gives indices of maxima in other than two evenly padded dimensions");
            }

            (Tensor maxima, Tensor indices) = F.max_pool2d_with_indices(x, kernel, strides, pads, dilations, roundUp);
            return [maxima.to(type), FromPlaneToTensor(c, indices)];
        }

        Tensor result = kernel.Length switch
        {
            1 => F.max_pool1d(x, kernel[0], strides[0], pads[0], dilations[0], roundUp),
            2 => F.max_pool2d(x, kernel, strides, pads, dilations, roundUp),
            3 => F.max_pool3d(x, kernel, strides, pads, dilations, roundUp),
            var rank => throw c.Unusable($"pools over {rank} dimensions"),
        };
        return [result.to(type)];
    }

    /// <summary>ONNX counts a maximum's place in the whole tensor, libtorch in its plane.</summary>
    private static Tensor FromPlaneToTensor(NodeContext c, Tensor indices)
    {
        long[] shape = c.X.shape;
        if (c.Flag("storage_order"))
        {
            // Counted down the columns of the plane instead of along its rows.
            Tensor row = indices.div(shape[3], RoundingMode.trunc);
            indices = indices.sub(row.mul(shape[3])).mul(shape[2]).add(row);
        }

        long plane = shape[2..].Aggregate(1L, (product, size) => product * size);
        long[] eachPlane = [shape[0], shape[1], .. Enumerable.Repeat(1L, shape.Length - 2)];
        Tensor starts = torch.arange(shape[0] * shape[1], dtype: ScalarType.Int64, device: indices.device).mul(plane);
        return indices.add(starts.reshape(eachPlane));
    }

    private static Tensor Average(NodeContext c)
    {
        var window = Window.Read(c, c.X);
        bool countPadding = c.Flag("count_include_pad");
        bool roundUp = c.Flag("ceil_mode");
        if (FitsLibtorch(window))
        {
            return Mean(c, c.X, window, window.Begin, roundUp, countPadding);
        }

        long[] none = new long[window.Begin.Length];
        Tensor padded = Mean(c, window.Pad(c.X, 0), window, none, roundUp, countPadding: false);
        return countPadding
            ? padded
            // The same mean over ones is the share of a window that lies on the image.
            : padded.div(Mean(c, window.Pad(torch.ones(c.X.shape, c.X.dtype, c.X.device), 0), window, none, roundUp, countPadding: false));
    }

    /// <summary>The p-norm over windows: from the mean of |x|^p, zeros counted, times the window's size.</summary>
    private static Tensor Lp(NodeContext c)
    {
        var window = Window.Read(c, c.X);
        double p = c.Int("p", 2);
        long size = window.Kernel.Aggregate(1L, (product, length) => product * length);
        Tensor powers = window.Pad(c.X.abs().pow(p), 0);
        Tensor mean = Mean(c, powers, window, new long[window.Begin.Length], c.Flag("ceil_mode"), countPadding: true);
        return mean.mul(size).pow(1 / p);
    }

    private static Tensor Mean(
        NodeContext c, Tensor x, Window window, long[] pads, bool roundUp, bool countPadding) => window.Kernel.Length switch
        {
            _ when window.Dilations.Any(dilation => dilation != 1) => throw c.Unusable("averages over a dilated window"),
            1 => F.avg_pool1d(x, window.Kernel[0], window.Strides[0], pads[0], roundUp, countPadding),
            2 => F.avg_pool2d(x, window.Kernel, window.Strides, pads, roundUp, countPadding),
            3 => F.avg_pool3d(x, window.Kernel, window.Strides, pads, roundUp, countPadding),
            var rank => throw c.Unusable($"pools over {rank} dimensions"),
        };

    /// <summary>Whether libtorch's own padding will do: alike on both sides and at most half the window.</summary>
    private static bool FitsLibtorch(Window window) =>
        window.IsSymmetric && window.Begin.Zip(window.Kernel).All(pair => pair.First <= pair.Second / 2);
}
