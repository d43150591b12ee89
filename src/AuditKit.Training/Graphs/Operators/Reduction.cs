using static TorchSharp.torch;

namespace AuditKit.Training.Graphs.Operators;

/// <summary>Sums, means, extremes and norms over dimensions.</summary>
internal static class Reduction
{
    public static void Register(OperatorTable table)
    {
        table.Add("ReduceSum", c => Reduce(c, Sum));
        table.Add("ReduceMean", c => Reduce(c, (x, axes) => x.mean(axes, keepdim: true)));
        table.Add("ReduceMax", c => Reduce(c, (x, axes) => x.amax(axes, keepdim: true)));
        table.Add("ReduceMin", c => Reduce(c, (x, axes) => x.amin(axes, keepdim: true)));
        table.Add("ReduceProd", c => Reduce(c, (x, axes) =>
            axes.Aggregate(x, (product, axis) => product.prod(axis, keepdim: true, type: x.dtype))));
        table.Add("ReduceL1", c => Reduce(c, (x, axes) => Sum(x.abs(), axes)));
        table.Add("ReduceL2", c => Reduce(c, (x, axes) => Sum(x.square(), axes).sqrt()));
        table.Add("ReduceSumSquare", c => Reduce(c, (x, axes) => Sum(x.square(), axes)));
        table.Add("ReduceLogSum", c => Reduce(c, (x, axes) => Sum(x, axes).log()));
        table.Add("ReduceLogSumExp", c => Reduce(c, (x, axes) =>
            axes.Aggregate(x, (result, axis) => result.logsumexp(axis, keepdim: true))));
        table.Add("ArgMax", c => Place(c, (x, axis) => x.argmax(axis, keepdim: true)));
        table.Add("ArgMin", c => Place(c, (x, axis) => x.argmin(axis, keepdim: true)));
        table.Add("CumSum", CumulativeSum);
        table.Add("TopK", new Operator(TopK));
    }

    private static Tensor Sum(Tensor x, long[] axes) => x.sum(axes, keepdim: true, type: x.dtype);

    private static Tensor Reduce(NodeContext c, Func<Tensor, long[], Tensor> reduce)
    {
        long[] axes = c.Axes(c.IntsFrom(1, "axes") ?? [], c.X.ndim);
        if (axes.Length == 0)
        {
            if (c.Flag("noop_with_empty_axes"))
            {
                return c.X;
            }

            axes = [.. Enumerable.Range(0, (int)c.X.ndim).Select(axis => (long)axis)];
        }

        // A scalar has nothing to reduce over, but is still squared, logged and so on.
        Tensor result = axes.Length == 0 ? reduce(c.X.reshape(1), [0]).reshape() : reduce(c.X, axes);
        return c.Flag("keepdims", true) ? result : Shaping.Squeeze(result, axes);
    }

    private static Tensor Place(NodeContext c, Func<Tensor, long, Tensor> find)
    {
        long axis = c.Axis(c.Int("axis", 0), c.X.ndim);
        Tensor result = c.Flag("select_last_index")
            ? find(c.X.flip(axis), axis).neg().add(c.X.shape[axis] - 1)
            : find(c.X, axis);
        return c.Flag("keepdims", true) ? result : result.squeeze(axis);
    }

    private static Tensor CumulativeSum(NodeContext c)
    {
        long axis = c.Axis(c.Input(1).ToLongs()[0], c.X.ndim);
        bool reverse = c.Flag("reverse");
        Tensor x = reverse ? c.X.flip(axis) : c.X;
        Tensor sum = x.cumsum(axis, x.dtype);
        sum = c.Flag("exclusive") ? sum.sub(x) : sum;
        return reverse ? sum.flip(axis) : sum;
    }

    private static Tensor[] TopK(NodeContext c)
    {
        long axis = c.Axis(c.Int("axis", -1), c.X.ndim);
        long count = c.Optional(1)?.ToLongs()[0] ?? c.Int("k", 0);
        (Tensor values, Tensor indices) =
            c.X.topk((int)count, (int)axis, c.Flag("largest", true), c.Flag("sorted", true));
        return [values, indices];
    }
}
