using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Graphs.Operators;

/// <summary>Rearranging elements without changing them.</summary>
internal static class Shaping
{
    public static void Register(OperatorTable table)
    {
        table.Add("Reshape", Reshape);
        table.Add("Flatten", Flatten);
        table.Add("Transpose", c => c.X.permute(
            c.Ints("perm") ?? [.. Enumerable.Range(0, (int)c.X.ndim).Select(axis => (long)axis).Reverse()]));
        table.Add("Squeeze", c => Squeeze(
            c.X,
            c.IntsFrom(1, "axes") is { } axes
                ? c.Axes(axes, c.X.ndim)
                : [.. c.X.shape.Select((size, axis) => (size, axis: (long)axis)).Where(d => d.size == 1).Select(d => d.axis)]));
        table.Add("Unsqueeze", Unsqueeze);
        table.Add("Concat", Concat);
        table.Add("Split", new Operator(Split));
        table.Add("Expand", c => c.X.expand(Broadcast(c.X.shape, c.Input(1).ToLongs())));
        table.Add("Tile", c => c.X.repeat(c.Input(1).ToLongs()));
        table.Add("DepthToSpace", DepthToSpace);
        table.Add("SpaceToDepth", SpaceToDepth);
    }

    /// <summary>Without the dimensions given, which have length 1.</summary>
    public static Tensor Squeeze(Tensor x, long[] axes) =>
        x.reshape([.. x.shape.Where((_, axis) => !axes.Contains(axis))]);

    private static Tensor Reshape(NodeContext c)
    {
        long[] shape = c.IntsFrom(1, "shape") ?? throw c.Unusable("has no shape");
        if (!c.Flag("allowzero"))
        {
            for (int i = 0; i < shape.Length; i++)
            {
                shape[i] = shape[i] == 0 ? c.X.shape[i] : shape[i];
            }
        }

        return c.X.reshape(shape);
    }

    private static Tensor Flatten(NodeContext c)
    {
        long[] shape = c.X.shape;
        long axis = c.Int("axis", 1);
        long rows = shape[..(int)(axis < 0 ? axis + shape.Length : axis)].Aggregate(1L, (product, size) => product * size);
        return c.X.reshape(rows, rows == 0 ? 0 : c.X.NumberOfElements / rows);
    }

    private static Tensor Unsqueeze(NodeContext c)
    {
        long[] axes = c.IntsFrom(1, "axes") ?? throw c.Unusable("has no axes");
        axes = c.Axes(axes, c.X.ndim + axes.Length);
        return axes.Order().Aggregate(c.X, (x, axis) => x.unsqueeze(axis));
    }

    private static Tensor Concat(NodeContext c)
    {
        Tensor[] parts = [.. c.Inputs];
        return torch.cat(parts, c.Axis(c.Int("axis", 1), parts[0].ndim));
    }

    private static Tensor[] Split(NodeContext c)
    {
        long axis = c.Axis(c.Int("axis", 0), c.X.ndim);
        long size = c.X.shape[axis];
        long each = (size + c.Outputs - 1) / c.Outputs;
        long[] sizes = c.IntsFrom(1, "split")
            ?? [.. Enumerable.Range(0, c.Outputs).Select(i => Math.Clamp(size - (i * each), 0, each))];
        return c.X.split(sizes, axis);
    }

    private static long[] Broadcast(long[] left, long[] right)
    {
        var shape = new long[Math.Max(left.Length, right.Length)];
        for (int i = 1; i <= shape.Length; i++)
        {
            long a = i <= left.Length ? left[^i] : 1;
            long b = i <= right.Length ? right[^i] : 1;
            shape[^i] = a == 1 ? b : a;
        }

        return shape;
    }

    private static Tensor DepthToSpace(NodeContext c)
    {
        (long n, long depth, long height, long width) = (c.X.shape[0], c.X.shape[1], c.X.shape[2], c.X.shape[3]);
        long block = c.Int("blocksize", 1);
        long channels = depth / (block * block);
        Tensor x = c.Text("mode", "DCR") == "DCR"
            ? c.X.reshape(n, block, block, channels, height, width).permute(0, 3, 4, 1, 5, 2)
            : c.X.reshape(n, channels, block, block, height, width).permute(0, 1, 4, 2, 5, 3);
        return x.reshape(n, channels, height * block, width * block);
    }

    private static Tensor SpaceToDepth(NodeContext c)
    {
        (long n, long depth, long height, long width) = (c.X.shape[0], c.X.shape[1], c.X.shape[2], c.X.shape[3]);
        long block = c.Int("blocksize", 1);
        return c.X.reshape(n, depth, height / block, block, width / block, block)
            .permute(0, 3, 5, 1, 2, 4)
            .reshape(n, depth * block * block, height / block, width / block);
    }
}
