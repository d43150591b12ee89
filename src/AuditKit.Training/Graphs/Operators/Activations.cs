using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Graphs.Operators;

/// <summary>Activation functions, and the functions of one value that networks use as such.</summary>
internal static class Activations
{
    public static void Register(OperatorTable table)
    {
        table.Add("Relu", c => c.X.relu());
        table.Add("LeakyRelu", c => c.X.leaky_relu(c.Float("alpha", 0.01f)));
        table.Add("PRelu", ParametricRelu);
        table.Add("Elu", c => c.X.elu(c.Float("alpha", 1f)));
        table.Add("Selu", c => c.X.elu(c.Float("alpha", 1.67326319f)).mul(c.Float("gamma", 1.05070102f)));
        table.Add("Celu", c => c.X.celu(c.Float("alpha", 1f)));
        table.Add("ThresholdedRelu", c => c.X.threshold(c.Float("alpha", 1f), 0));
        table.Add("Shrink", Shrink);
        table.Add("HardSigmoid", c => c.X.mul(c.Float("alpha", 0.2f)).add(c.Float("beta", 0.5f)).clamp(0, 1));
        table.Add("HardSwish", c => c.X.hardswish());
        table.Add("Sigmoid", c => c.X.sigmoid());
        table.Add("Tanh", c => c.X.tanh());
        table.Add("Softplus", c => c.X.softplus());
        table.Add("Softsign", c => c.X.div(c.X.abs().add(1)));
        table.Add("Mish", c => c.X.mul(c.X.softplus().tanh()));
        table.Add("Gelu", Gelu);
        table.Add("Erf", c => c.X.erf());
        table.Add("Clip", Clip, settings: [1, 2]);
        table.Add("Softmax", c => AlongAxis(c, (x, axis) => x.softmax(axis)));
        table.Add("LogSoftmax", c => AlongAxis(c, (x, axis) => x.log_softmax(axis)));
        table.Add("Hardmax", c => AlongAxis(c, Hardmax));
        table.Add("Dropout", new Operator(Dropout) { Settings = [1, 2], HasModes = true });
    }

    private static Tensor ParametricRelu(NodeContext c)
    {
        Tensor slope = c.Input(1);
        if (c.Opset < 7 && slope.ndim == 1 && slope.shape[0] > 1)
        {
            // One slope a channel; newer opsets spell its shape out as C×1×1.
            slope = slope.reshape([-1, .. Enumerable.Repeat(1L, (int)c.X.ndim - 2)]);
        }

        return torch.where(c.X.lt(0), c.X.mul(slope), c.X);
    }

    private static Tensor Shrink(NodeContext c)
    {
        (float threshold, float bias) = (c.Float("lambd", 0.5f), c.Float("bias", 0f));
        Tensor shrunk = c.X.sub(c.X.sign().mul(bias));
        return torch.where(c.X.abs().gt(threshold), shrunk, c.X.mul(0));
    }

    private static Tensor Gelu(NodeContext c)
    {
        if (c.Text("approximate", "none") == "none")
        {
            return c.X.gelu();
        }

        // Hendrycks and Gimpel 2016, section 2.
        Tensor inner = c.X.add(c.X.pow(3).mul(0.044715)).mul(Math.Sqrt(2 / Math.PI));
        return c.X.mul(0.5).mul(inner.tanh().add(1));
    }

    private static Tensor Clip(NodeContext c)
    {
        // From opset 11 on the bounds are inputs.
        double? min = Bound(1, "min");
        double? max = Bound(2, "max");
        Tensor result = c.X;
        if (min is { } low)
        {
            result = result.clamp_min(Of(low));
        }

        if (max is { } high)
        {
            result = result.clamp_max(Of(high));
        }

        return result;

        double? Bound(int input, string attribute) =>
            c.Optional(input) is { } tensor ? tensor.ToDoubles()[0]
            : c.Has(attribute) ? c.Float(attribute, 0)
            : null;

        // A floating point bound would turn whole numbers into floats.
        Scalar Of(double bound) => c.X.is_floating_point() ? (Scalar)bound : (Scalar)(long)bound;
    }

    private static Tensor AlongAxis(NodeContext c, Func<Tensor, long, Tensor> function)
    {
        if (c.Opset >= 13)
        {
            return function(c.X, c.Axis(c.Int("axis", -1), c.X.ndim));
        }

        // Before opset 13 everything from the axis on is one dimension.
        long[] shape = c.X.shape;
        long axis = c.Axis(c.Int("axis", 1), shape.Length);
        return function(c.X.reshape([.. shape[..(int)axis], -1]), axis).reshape(shape);
    }

    /// <summary>1 at the first maximum, 0 elsewhere.</summary>
    private static Tensor Hardmax(Tensor x, long axis)
    {
        long[] along = [.. Enumerable.Repeat(1L, (int)x.ndim)];
        along[axis] = x.shape[axis];
        Tensor places = torch.arange(x.shape[axis], device: x.device).reshape(along);
        return x.argmax(axis, keepdim: true).eq(places).to(x.dtype);
    }

    private static Tensor[] Dropout(NodeContext c)
    {
        double ratio = c.Optional(1) is { } given ? given.ToDoubles()[0] : c.Float("ratio", 0.5f);
        bool drops = c.Training || (c.Optional(2) is { } mode && mode.ToLongs()[0] != 0);
        if (!drops || ratio == 0)
        {
            return c.Wants(1) ? [c.X, torch.ones(c.X.shape, ScalarType.Bool, c.X.device)] : [c.X];
        }

        Tensor mask = torch.rand(c.X.shape, device: c.X.device).ge(ratio);
        return [c.X.mul(mask.to(c.X.dtype)).div(1 - ratio), mask];
    }
}
