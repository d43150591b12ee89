using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Graphs.Operators;

/// <summary>Choosing elements by their places.</summary>
internal static class Indexing
{
    public static void Register(OperatorTable table)
    {
        table.Add("Gather", Gather);
        table.Add("GatherElements", c =>
        {
            long axis = c.Axis(c.Int("axis", 0), c.X.ndim);
            return c.X.gather(axis, FromFront(c.Input(1), c.X, axis));
        });
        table.Add("Slice", Slice);
        table.Add("OneHot", OneHot, settings: [1, 2]);
        table.Add("NonZero", c => torch.nonzero(c.X).t());
    }

    private static Tensor Gather(NodeContext c)
    {
        long[] shape = c.X.shape;
        int axis = (int)c.Axis(c.Int("axis", 0), shape.Length);
        Tensor indices = FromFront(c.Input(1), c.X, axis);
        return c.X.index_select(axis, indices.reshape(-1))
            .reshape([.. shape[..axis], .. indices.shape, .. shape[(axis + 1)..]]);
    }

    /// <summary>Indices on the data's device, those counted from the back counted from the front.</summary>
    private static Tensor FromFront(Tensor indices, Tensor data, long axis) =>
        indices.to(ScalarType.Int64, data.device).remainder(data.shape[axis]);

    private static Tensor Slice(NodeContext c)
    {
        // From opset 10 on everything is an input.
        Tensor x = c.X;
        long[] starts = c.IntsFrom(1, "starts") ?? throw c.Unusable("has no starts");
        long[] ends = c.IntsFrom(2, "ends") ?? throw c.Unusable("has no ends");
        long[] axes = c.Axes(
            c.IntsFrom(3, "axes") ?? [.. Enumerable.Range(0, starts.Length).Select(axis => (long)axis)], x.ndim);
        long[] steps = c.Optional(4)?.ToLongs() ?? [.. Enumerable.Repeat(1L, starts.Length)];
        if (ends.Length != starts.Length || axes.Length != starts.Length || steps.Length != starts.Length)
        {
            throw c.Unusable("has starts, ends, axes and steps of different lengths");
        }

        for (int i = 0; i < starts.Length; i++)
        {
            long size = x.shape[axes[i]];
            if (steps[i] > 0)
            {
                x = x.slice(axes[i], Bound(starts[i], 0, size), Bound(ends[i], 0, size), steps[i]);
            }
            else
            {
                // libtorch walks forwards only. "Before the first element" is an end of −1.
                long start = Bound(starts[i], -1, size - 1);
                long count = (Bound(ends[i], -1, size - 1) - start + steps[i] + 1) / steps[i];
                Tensor places = torch.arange(Math.Max(0, count), dtype: ScalarType.Int64, device: x.device);
                x = x.index_select(axes[i], places.mul(steps[i]).add(start));
            }

            long Bound(long place, long low, long high) => Math.Clamp(place < 0 ? place + size : place, low, high);
        }

        return x;
    }

    private static Tensor OneHot(NodeContext c)
    {
        long depth = c.Input(1).ToLongs()[0];
        Tensor values = c.Input(2).to(c.X.device);
        long axis = c.Axis(c.Int("axis", -1), c.X.ndim + 1);
        long[] along = [.. Enumerable.Repeat(1L, (int)c.X.ndim + 1)];
        along[axis] = depth;

        // An index outside −depth .. depth − 1 gives zeros alone.
        Tensor indices = c.X.to(ScalarType.Int64).unsqueeze(axis);
        Tensor places = torch.arange(depth, dtype: ScalarType.Int64, device: c.X.device).reshape(along);
        Tensor hot = indices.eq(places).logical_or(indices.add(depth).eq(places));
        return torch.where(hot, values.select(0, 1), values.select(0, 0));
    }
}
