using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace AuditKit.Training.Graphs.Operators;

/// <summary>Normalisation by statistics of the batch, the image, the features or the neighbouring channels.</summary>
internal static class Normalisation
{
    public static void Register(OperatorTable table)
    {
        table.Add("BatchNormalization", new Operator(Batch) { Buffers = [3, 4], HasModes = true });
        table.Add("InstanceNormalization", c =>
            F.instance_norm(c.X, weight: c.Input(1), bias: c.Input(2), eps: c.Float("epsilon", 1e-5f)));
        table.Add("LayerNormalization", new Operator(Layer));
        table.Add("MeanVarianceNormalization", MeanVariance);
        table.Add("LRN", LocalResponse);
    }

    private static Tensor[] Batch(NodeContext c)
    {
        if (c.Opset < 9 && !c.Flag("spatial", true))
        {
            throw c.Unusable("normalises every position by itself (spatial = 0)");
        }

        (Tensor x, Tensor scale, Tensor bias, Tensor mean, Tensor variance) =
            (c.X, c.Input(1), c.Input(2), c.Input(3), c.Input(4));
        float epsilon = c.Float("epsilon", 1e-5f);

        // ONNX's momentum is the weight of the old value, libtorch's that of the new one.
        float momentum = c.Float("momentum", 0.9f);
        bool always = c.Opset >= 14 ? c.Flag("training_mode") : c.Opset < 7 && !c.Flag("is_test");
        if (!always)
        {
            return [F.batch_norm(x, mean, variance, scale, bias, c.Training, 1 - momentum, epsilon)];
        }

        // A node that uses the batch's statistics even at test time; it gives the running ones as outputs.
        Tensor result = F.batch_norm(x, null, null, scale, bias, training: true, momentum: 0, eps: epsilon);
        if (!c.Wants(1))
        {
            return [result];
        }

        long[] others = [0, .. Enumerable.Range(2, (int)x.ndim - 2).Select(axis => (long)axis)];
        Tensor batchMean = x.mean(others);
        Tensor batchVariance = x.var(others, unbiased: false);
        return
        [
            result,
            mean.mul(momentum).add(batchMean.mul(1 - momentum)),
            variance.mul(momentum).add(batchVariance.mul(1 - momentum)),
        ];
    }

    private static Tensor[] Layer(NodeContext c)
    {
        Tensor x = c.X;
        int axis = (int)c.Axis(c.Int("axis", -1), x.ndim);
        float epsilon = c.Float("epsilon", 1e-5f);
        long[] normalised = x.shape[axis..];
        (Tensor scale, Tensor? bias) = (c.Input(1), c.Optional(2));
        bool plain = scale.shape.AsSpan().SequenceEqual(normalised)
            && (bias is null || bias.shape.AsSpan().SequenceEqual(normalised));
        Tensor result = F.layer_norm(x, normalised, plain ? scale : null, plain ? bias : null, epsilon);
        if (!plain)
        {
            // Scale and bias may have any shape that broadcasts.
            result = result.mul(scale);
            result = bias is null ? result : result.add(bias);
        }

        if (!c.Wants(1) && !c.Wants(2))
        {
            return [result];
        }

        long[] axes = [.. Enumerable.Range(axis, normalised.Length).Select(dimension => (long)dimension)];
        Tensor variance = x.var(axes, unbiased: false, keepdim: true);
        return [result, x.mean(axes, keepdim: true), variance.add(epsilon).rsqrt()];
    }

    private static Tensor MeanVariance(NodeContext c)
    {
        long[] axes = c.Axes(c.Ints("axes") ?? [0, 2, 3], c.X.ndim);
        Tensor deviation = c.X.var(axes, unbiased: false, keepdim: true).sqrt();
        return c.X.sub(c.X.mean(axes, keepdim: true)).div(deviation.add(1e-9));
    }

    /// <summary>x / (k + α/n · Σ x²)^β, the sum over n neighbouring channels (Krizhevsky et al. 2012, section 3.3).</summary>
    private static Tensor LocalResponse(NodeContext c)
    {
        Tensor x = c.X;
        long size = c.Int("size", 1);
        long before = (size - 1) / 2;
        long[] sides = [.. Enumerable.Repeat(0L, 2 * ((int)x.ndim - 2)), before, size - 1 - before];
        Tensor squares = F.pad(x.square(), sides);
        Tensor sum = squares.narrow(1, 0, x.shape[1]);
        for (long offset = 1; offset < size; offset++)
        {
            sum = sum.add(squares.narrow(1, offset, x.shape[1]));
        }

        Tensor scale = sum.mul(c.Float("alpha", 1e-4f) / size).add(c.Float("bias", 1f));
        return x.div(scale.pow(c.Float("beta", 0.75f)));
    }
}
