using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace AuditKit.Training.Graphs.Operators;

/// <summary>Padding and cropping.</summary>
internal static class Padding
{
    public static void Register(OperatorTable table) => table.Add("Pad", Pad, settings: [1, 2]);

    private static Tensor Pad(NodeContext c)
    {
        Tensor x = c.X;
        int rank = (int)x.ndim;
        long[] pads = Widths(c, rank);
        string mode = c.Text("mode", "constant");
        if (mode == "constant")
        {
            double value = c.Optional(2) is { } given ? given.ToDoubles()[0] : c.Float("value", 0f);
            // libtorch lists the last dimension first.
            long[] sides = [.. Enumerable.Range(0, rank).Reverse().SelectMany(i => new[] { pads[i], pads[i + rank] })];
            return F.pad(x, sides, value: value);
        }

        for (int axis = 0; axis < rank; axis++)
        {
            (long before, long after, long size) = (pads[axis], pads[axis + rank], x.shape[axis]);
            if (before == 0 && after == 0)
            {
                continue;
            }

            var sources = new long[before + size + after];
            for (long i = 0; i < sources.Length; i++)
            {
                sources[i] = mode switch
                {
                    "edge" => Math.Clamp(i - before, 0, size - 1),
                    "reflect" => Reflect(i - before, size),
                    _ => throw c.Unusable($"pads by '{mode}'"),
                };
            }

            x = x.index_select(axis, torch.tensor(sources, device: x.device));
        }

        return x;
    }

    /// <summary>How much is added before each dimension, then after each; a negative width crops.</summary>
    private static long[] Widths(NodeContext c, int rank)
    {
        // From opset 11 on an input, from opset 18 on for chosen axes; opset 1 had another name for it.
        long[] pads = c.IntsFrom(1, "pads") ?? c.Ints("paddings") ?? throw c.Unusable("has no pads");
        long[] axes = c.Optional(3) is { } chosen
            ? c.Axes(chosen.ToLongs(), rank)
            : [.. Enumerable.Range(0, rank).Select(axis => (long)axis)];
        if (pads.Length != 2 * axes.Length)
        {
            throw c.Unusable($"has {pads.Length} pads for {axes.Length} dimensions");
        }

        var widths = new long[2 * rank];
        for (int i = 0; i < axes.Length; i++)
        {
            widths[axes[i]] = pads[i];
            widths[axes[i] + rank] = pads[i + axes.Length];
        }

        return widths;
    }

    /// <summary>The place that a place outside mirrors, the edge itself not repeated.</summary>
    private static long Reflect(long place, long size)
    {
        long period = Math.Max(1, 2 * (size - 1));
        long within = ((place % period) + period) % period;
        return Math.Min(within, period - within);
    }
}
