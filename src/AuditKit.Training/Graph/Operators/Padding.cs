using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace AuditKit.Training.Operators;

/// <summary>Padding and cropping.</summary>
internal static class Padding
{
    public static void Register(OperatorTable table) => table.Add("Pad", Pad, settings: [1, 2]);

    private static Tensor Pad(NodeContext c)
    {
        // From opset 11 on the widths and the value are inputs; opset 1 called the widths "paddings".
        Tensor x = c.X;
        long[] pads = c.IntsFrom(1, "pads") ?? c.Ints("paddings") ?? throw c.Unusable("has no pads");
        int rank = (int)x.ndim;
        if (pads.Length != 2 * rank || c.Optional(3) is not null)
        {
            throw c.Unusable($"has {pads.Length} pads for {rank} dimensions");
        }

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

    /// <summary>The place that a place outside mirrors, the edge itself not repeated.</summary>
    private static long Reflect(long place, long size)
    {
        long period = Math.Max(1, 2 * (size - 1));
        long within = ((place % period) + period) % period;
        return Math.Min(within, period - within);
    }
}
