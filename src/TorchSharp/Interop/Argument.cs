using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>
/// One argument of an operator on its way to native code. Numbers travel in the struct, everything else as the
/// object, so that writing a call allocates nothing.
/// </summary>
internal readonly struct Argument
{
    private Argument(ValueKind kind, object? reference, long bits = 0)
    {
        Kind = kind;
        Reference = reference;
        Bits = bits;
    }

    /// <summary>What it holds.</summary>
    public ValueKind Kind { get; }

    /// <summary>A tensor, a list, a string, a device or a generator.</summary>
    public object? Reference { get; }

    /// <summary>A number's bits.</summary>
    public long Bits { get; }

    public static implicit operator Argument(Tensor? value) =>
        value is null ? default : new Argument(ValueKind.Tensor, value);

    public static implicit operator Argument(long value) => new(ValueKind.Int, null, value);

    public static implicit operator Argument(int value) => new(ValueKind.Int, null, value);

    public static implicit operator Argument(long? value) => value is { } given ? given : default(Argument);

    public static implicit operator Argument(bool value) => new(ValueKind.Bool, null, value ? 1 : 0);

    public static implicit operator Argument(double value) =>
        new(ValueKind.Double, null, BitConverter.DoubleToInt64Bits(value));

    public static implicit operator Argument(double? value) => value is { } given ? given : default(Argument);

    public static implicit operator Argument(Scalar? value) =>
        value is null ? default : new Argument(value.Kind, null, value.Bits);

    public static implicit operator Argument(ScalarType value) => new(ValueKind.Int, null, (long)value);

    public static implicit operator Argument(ScalarType? value) => value is { } given ? given : default(Argument);

    public static implicit operator Argument(long[]? value) =>
        value is null ? default : new Argument(ValueKind.IntList, value);

    public static implicit operator Argument(ReadOnlySpan<long> value) => value.ToArray();

    public static implicit operator Argument(double[]? value) =>
        value is null ? default : new Argument(ValueKind.DoubleList, value);

    public static implicit operator Argument(bool[] value) => new(ValueKind.BoolList, value);

    public static implicit operator Argument(Tensor?[]? value) =>
        value is null ? default : new Argument(ValueKind.TensorList, value);

    public static implicit operator Argument(string? value) =>
        value is null ? default : new Argument(ValueKind.String, value);

    public static implicit operator Argument(Device? value) =>
        value is null ? default : new Argument(ValueKind.Device, value);

    public static implicit operator Argument(Generator? value) =>
        value is null ? default : new Argument(ValueKind.Generator, value);

    /// <summary>Bytes that the list or text needs outside the value itself, in whole words.</summary>
    public int ExtraBytes => Kind switch
    {
        ValueKind.IntList or ValueKind.DoubleList or ValueKind.TensorList => Unsafe.As<Array>(Reference!).Length * 8,
        ValueKind.BoolList => (Unsafe.As<bool[]>(Reference!).Length + 7) & ~7,
        ValueKind.String => (System.Text.Encoding.UTF8.GetMaxByteCount(Unsafe.As<string>(Reference!).Length) + 7) & ~7,
        _ => 0,
    };

    /// <summary>Writes the value, and what it points to into <paramref name="extra"/>, which moves on.</summary>
    public unsafe void Write(NativeValue* target, ref byte* extra)
    {
        target->Kind = Kind;
        target->Count = 0;
        target->Integer = Bits;
        switch (Kind)
        {
            case ValueKind.Tensor:
                target->Integer = Unsafe.As<Tensor>(Reference!).Handle;
                break;
            case ValueKind.IntList:
                Copy<long>(Unsafe.As<long[]>(Reference!), target, extra);
                break;
            case ValueKind.DoubleList:
                Copy<double>(Unsafe.As<double[]>(Reference!), target, extra);
                break;
            case ValueKind.BoolList:
                Copy<bool>(Unsafe.As<bool[]>(Reference!), target, extra);
                break;
            case ValueKind.TensorList:
                Tensor?[] tensors = Unsafe.As<Tensor?[]>(Reference!);
                for (int i = 0; i < tensors.Length; i++)
                {
                    ((nint*)extra)[i] = tensors[i]?.Handle ?? 0;
                }

                target->Pointer = extra;
                target->Count = tensors.Length;
                break;
            case ValueKind.String:
                string text = Unsafe.As<string>(Reference!);
                target->Count = System.Text.Encoding.UTF8.GetBytes(text, new Span<byte>(extra, ExtraBytes));
                target->Pointer = extra;
                break;
            case ValueKind.Device:
                Device device = Unsafe.As<Device>(Reference!);
                (target->Count, target->Integer) = ((int)device.type, device.index);
                break;
            case ValueKind.Generator:
                target->Integer = Unsafe.As<Generator>(Reference!).Handle;
                break;
            default:
                break;
        }

        extra += ExtraBytes;
    }

    private static unsafe void Copy<T>(T[] source, NativeValue* target, byte* extra)
        where T : unmanaged
    {
        source.CopyTo(new Span<T>(extra, source.Length));
        target->Pointer = extra;
        target->Count = source.Length;
    }
}
