using System.Runtime.InteropServices;
using AuditKit.Models.Onnx;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Graphs;

/// <summary>Between the constants of a graph and libtorch's tensors.</summary>
internal static class TensorConversion
{
    private static readonly (ElementType Onnx, ScalarType Torch)[] s_types =
    [
        (ElementType.Float, ScalarType.Float32),
        (ElementType.Double, ScalarType.Float64),
        (ElementType.Float16, ScalarType.Float16),
        (ElementType.BFloat16, ScalarType.BFloat16),
        (ElementType.Int64, ScalarType.Int64),
        (ElementType.Int32, ScalarType.Int32),
        (ElementType.Int16, ScalarType.Int16),
        (ElementType.Int8, ScalarType.Int8),
        (ElementType.UInt8, ScalarType.Byte),
        (ElementType.Bool, ScalarType.Bool),
    ];

    /// <summary>libtorch's type; null where it has none.</summary>
    public static ScalarType? ToTorch(this ElementType type)
    {
        foreach ((ElementType onnx, ScalarType torch) in s_types)
        {
            if (onnx == type)
            {
                return torch;
            }
        }

        return null;
    }

    /// <summary>A copy in libtorch's memory, on the CPU.</summary>
    /// <exception cref="NotSupportedException">libtorch has no such type.</exception>
    public static Tensor ToTensor(this TensorValue value)
    {
        ScalarType type = value.Type.ToTorch()
            ?? throw new NotSupportedException($"libtorch has no tensors of type {value.Type}");
        Tensor tensor = torch.empty(value.Dimensions.ToArray(), dtype: type);
        if (value.Count > 0)
        {
            value.Data.Span.CopyTo(tensor.bytes);
        }

        return tensor;
    }

    /// <summary>A copy in managed memory.</summary>
    public static TensorValue ToValue(this Tensor tensor)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor plain = tensor.detach().cpu().contiguous();
        ElementType type = Array.Find(s_types, pair => pair.Torch == plain.dtype).Onnx;
        return new TensorValue(type, plain.shape, plain.NumberOfElements == 0 ? default : plain.bytes.ToArray());
    }

    /// <summary>The elements of an integer tensor, row by row.</summary>
    public static long[] ToLongs(this Tensor tensor)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor plain = tensor.to(ScalarType.Int64).cpu().contiguous();
        return plain.NumberOfElements == 0 ? [] : MemoryMarshal.Cast<byte, long>(plain.bytes).ToArray();
    }

    /// <summary>The elements of a floating point tensor in single precision, row by row.</summary>
    public static float[] ToFloats(this Tensor tensor)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor plain = tensor.detach().to(ScalarType.Float32).cpu().contiguous();
        return plain.NumberOfElements == 0 ? [] : MemoryMarshal.Cast<byte, float>(plain.bytes).ToArray();
    }

    /// <summary>The elements of a floating point tensor, row by row.</summary>
    public static double[] ToDoubles(this Tensor tensor)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor plain = tensor.detach().to(ScalarType.Float64).cpu().contiguous();
        return plain.NumberOfElements == 0 ? [] : MemoryMarshal.Cast<byte, double>(plain.bytes).ToArray();
    }
}
