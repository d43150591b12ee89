using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>A number that an operator takes beside tensors; made from C#'s numbers implicitly.</summary>
public sealed class Scalar : IDisposable
{
    internal Scalar(ValueKind kind, long bits)
    {
        Kind = kind;
        Bits = bits;
    }

    /// <summary>The widest type of the number's kind: Float64, Int64 or Bool.</summary>
    public ScalarType Type => Kind switch
    {
        ValueKind.Double => ScalarType.Float64,
        ValueKind.Bool => ScalarType.Bool,
        _ => ScalarType.Int64,
    };

    internal ValueKind Kind { get; }

    internal long Bits { get; }

    /// <summary>An integer.</summary>
    public static implicit operator Scalar(byte value) => new(ValueKind.Int, value);

    /// <summary>An integer.</summary>
    public static implicit operator Scalar(sbyte value) => new(ValueKind.Int, value);

    /// <summary>An integer.</summary>
    public static implicit operator Scalar(short value) => new(ValueKind.Int, value);

    /// <summary>An integer.</summary>
    public static implicit operator Scalar(int value) => new(ValueKind.Int, value);

    /// <summary>An integer.</summary>
    public static implicit operator Scalar(long value) => new(ValueKind.Int, value);

    /// <summary>A real number.</summary>
    public static implicit operator Scalar(Half value) => (double)value;

    /// <summary>A real number.</summary>
    public static implicit operator Scalar(float value) => (double)value;

    /// <summary>A real number.</summary>
    public static implicit operator Scalar(double value) => new(ValueKind.Double, BitConverter.DoubleToInt64Bits(value));

    /// <summary>A truth value.</summary>
    public static implicit operator Scalar(bool value) => new(ValueKind.Bool, value ? 1 : 0);

    /// <summary>Nothing to release: the number lives in the object.</summary>
    public void Dispose()
    {
    }
}

/// <summary>Reading a scalar as a number of C#.</summary>
public static class ScalarExtensionMethods
{
    /// <summary>The number as a double.</summary>
    public static double ToDouble(this Scalar value) =>
        value.Kind == ValueKind.Double ? BitConverter.Int64BitsToDouble(value.Bits) : value.Bits;

    /// <summary>The number as a float.</summary>
    public static float ToSingle(this Scalar value) => (float)value.ToDouble();

    /// <summary>The number as a long, truncated towards zero.</summary>
    public static long ToInt64(this Scalar value) =>
        value.Kind == ValueKind.Double ? (long)value.ToDouble() : value.Bits;

    /// <summary>The number as an int, truncated towards zero.</summary>
    public static int ToInt32(this Scalar value) => (int)value.ToInt64();

    /// <summary>Whether the number is not 0.</summary>
    public static bool ToBoolean(this Scalar value) =>
        value.Kind == ValueKind.Double ? value.ToDouble() != 0 : value.Bits != 0;
}
