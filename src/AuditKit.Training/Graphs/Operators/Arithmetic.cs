using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Graphs.Operators;

/// <summary>Arithmetic, powers and trigonometry, element by element.</summary>
internal static class Arithmetic
{
    public static void Register(OperatorTable table)
    {
        table.Add("Add", c => Pair(c, (a, b) => a.add(b)));
        table.Add("Sub", c => Pair(c, (a, b) => a.sub(b)));
        table.Add("Mul", c => Pair(c, (a, b) => a.mul(b)));
        table.Add("Div", c => Pair(c, (a, b) => a.is_floating_point() ? a.div(b) : a.div(b, RoundingMode.trunc)));
        table.Add("Mod", c => Pair(c, (a, b) => c.Flag("fmod") ? a.fmod(b) : a.remainder(b)));
        table.Add("Pow", c => Pair(c, (a, b) => a.pow(b).to(a.dtype)));
        table.Add("Sum", c => Fold(c, (a, b) => a.add(b)));
        table.Add("Mean", c => Fold(c, (a, b) => a.add(b)).div(c.Inputs.Count()));
        table.Add("Max", c => Fold(c, (a, b) => a.maximum(b)));
        table.Add("Min", c => Fold(c, (a, b) => a.minimum(b)));

        table.Add("Abs", c => c.X.abs());
        table.Add("Neg", c => c.X.neg());
        table.Add("Sign", c => c.X.sign());
        table.Add("Floor", c => c.X.floor());
        table.Add("Ceil", c => c.X.ceil());
        table.Add("Round", c => c.X.round());
        table.Add("Reciprocal", c => c.X.reciprocal());
        table.Add("Sqrt", c => c.X.sqrt());
        table.Add("Exp", c => c.X.exp());
        table.Add("Log", c => c.X.log());
        table.Add("Sin", c => c.X.sin());
        table.Add("Cos", c => c.X.cos());
        table.Add("Tan", c => c.X.tan());
        table.Add("Asin", c => c.X.asin());
        table.Add("Acos", c => c.X.acos());
        table.Add("Atan", c => c.X.atan());
        table.Add("Sinh", c => c.X.sinh());
        table.Add("Cosh", c => c.X.cosh());
        table.Add("Asinh", c => c.X.asinh());
        table.Add("Acosh", c => c.X.acosh());
        table.Add("Atanh", c => c.X.atanh());
    }

    /// <summary>A function of the first two inputs, which libtorch broadcasts as ONNX does.</summary>
    public static Tensor Pair(NodeContext c, Func<Tensor, Tensor, Tensor> function)
    {
        (Tensor a, Tensor b) = (c.Input(0), c.Input(1));
        if (c.Opset < 7 && c.Flag("broadcast") && c.Has("axis"))
        {
            // Before opset 7 the second operand's dimensions started at an axis of the first's.
            long after = a.ndim - c.Axis(c.Int("axis", 0), a.ndim) - b.ndim;
            b = b.reshape([.. b.shape, .. Enumerable.Repeat(1L, (int)Math.Max(after, 0))]);
        }

        return OnOneDevice(a, b, function);
    }

    /// <summary>A function of two tensors of which one may be a shape, which lives on the CPU.</summary>
    private static Tensor OnOneDevice(Tensor a, Tensor b, Func<Tensor, Tensor, Tensor> function) =>
        a.device_type == b.device_type ? function(a, b)
        : a.device_type == DeviceType.CPU ? function(a.to(b.device), b)
        : function(a, b.to(a.device));

    private static Tensor Fold(NodeContext c, Func<Tensor, Tensor, Tensor> function) =>
        c.Inputs.Aggregate((a, b) => OnOneDevice(a, b, function));
}
