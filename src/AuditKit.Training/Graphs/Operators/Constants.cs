using AuditKit.Models.Onnx;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Graphs.Operators;

/// <summary>Constants, and what is made of shapes. Whole numbers stay on the CPU: they are shapes and indices.</summary>
internal static class Constants
{
    public static void Register(OperatorTable table)
    {
        table.Add("Constant", Constant);
        table.Add("ConstantOfShape", ConstantOfShape);
        table.Add("Identity", c => c.X);
        table.Add("Cast", Cast);
        table.Add("CastLike", c => c.X.to(c.Input(1).dtype));
        table.Add("Shape", Shape);
        table.Add("Size", c => torch.tensor(c.X.NumberOfElements));
        table.Add("Range", Range, settings: [0, 1, 2]);
    }

    private static Tensor Constant(NodeContext c) =>
        c.Tensor("value") is { } value ? Read(c, value)
        : c.Ints("value_ints") is { } ints ? torch.tensor(ints)
        : c.Floats("value_floats") is { } floats ? torch.tensor(floats)
        : c.Has("value_int") ? torch.tensor(c.Int("value_int", 0))
        : c.Has("value_float") ? torch.tensor(c.Float("value_float", 0))
        : throw c.Unusable("holds a text or a sparse tensor");

    private static Tensor ConstantOfShape(NodeContext c)
    {
        Tensor value = c.Tensor("value") is { } given ? Read(c, given) : torch.tensor(0f);
        return value.reshape().expand(c.X.ToLongs()).clone();
    }

    private static Tensor Read(NodeContext c, TensorValue value) =>
        value.Type.ToTorch() is not null ? value.ToTensor() : throw c.Unusable($"holds a tensor of type {value.Type}");

    private static Tensor Cast(NodeContext c)
    {
        // Opset 1 named the type by a text.
        ElementType type = c.Opset < 6
            ? Enum.TryParse(c.Text("to", ""), ignoreCase: true, out ElementType named) ? named : default
            : (ElementType)c.Int("to", 0);
        return c.X.to(type.ToTorch() ?? throw c.Unusable($"casts to {type}"));
    }

    private static Tensor Shape(NodeContext c)
    {
        // Both ends are clamped, so any whole number is an end.
        long[] shape = c.X.shape;
        long start = Clamp(c.Int("start", 0));
        long end = Clamp(c.Int("end", shape.Length));
        return torch.tensor(shape[(int)start..(int)Math.Max(start, end)]);

        long Clamp(long index) => Math.Clamp(index < 0 ? index + shape.Length : index, 0, shape.Length);
    }

    private static Tensor Range(NodeContext c)
    {
        double start = c.Input(0).ToDoubles()[0];
        double step = c.Input(2).ToDoubles()[0];
        double count = Math.Max(0, Math.Ceiling((c.Input(1).ToDoubles()[0] - start) / step));
        return torch.arange(count, dtype: ScalarType.Float64).mul(step).add(start).to(c.X.dtype);
    }
}
