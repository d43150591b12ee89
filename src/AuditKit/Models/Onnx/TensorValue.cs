using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AuditKit.Models.Onnx;

/// <summary>A constant tensor: type, dimensions and its elements, row by row, little-endian. Immutable.</summary>
public sealed class TensorValue
{
    private readonly long[] _dimensions;

    /// <summary>A tensor over the bytes given, which are not copied.</summary>
    /// <param name="type">The type of the elements; not text.</param>
    /// <param name="dimensions">The dimensions, each at least 0; none for a scalar.</param>
    /// <param name="data">The elements, row by row.</param>
    /// <exception cref="ArgumentException">A dimension is negative, the type has no fixed size, or the number of bytes is not that of the
    /// dimensions.</exception>
    public TensorValue(ElementType type, ReadOnlySpan<long> dimensions, ReadOnlyMemory<byte> data)
    {
        if (type.Size() == 0)
        {
            throw new ArgumentException($"elements of type {type} are not supported");
        }

        Int128 expected = CountElements(dimensions) * type.Size();
        if (expected != data.Length)
        {
            throw new ArgumentException(
                $"a {type} tensor of {Format(dimensions)} needs {expected} bytes, not {data.Length}");
        }

        (Type, _dimensions, Data) = (type, dimensions.ToArray(), data);
    }

    /// <summary>A text tensor, as some exports keep class names in.</summary>
    /// <param name="dimensions">The dimensions, each at least 0; none for a scalar.</param>
    /// <param name="strings">The elements, row by row.</param>
    /// <exception cref="ArgumentException">The number of texts is not that of the dimensions.</exception>
    public TensorValue(ReadOnlySpan<long> dimensions, IReadOnlyList<string> strings)
    {
        ArgumentNullException.ThrowIfNull(strings);
        if (CountElements(dimensions) != strings.Count)
        {
            throw new ArgumentException($"a text tensor of {Format(dimensions)} cannot hold {strings.Count} texts");
        }

        (Type, _dimensions, Strings) = (ElementType.String, dimensions.ToArray(), strings);
    }

    /// <summary>The type of the elements.</summary>
    public ElementType Type { get; }

    /// <summary>The dimensions; empty for a scalar.</summary>
    public ReadOnlySpan<long> Dimensions => _dimensions;

    /// <summary>The elements, row by row, little-endian; empty for text.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>The elements of a text tensor; empty for every other type.</summary>
    public IReadOnlyList<string> Strings { get; } = [];

    /// <summary>Number of elements: the product of the dimensions, 1 for a scalar.</summary>
    public int Count => Type == ElementType.String ? Strings.Count : Data.Length / Type.Size();

    /// <summary>A 32-bit floating point tensor. The values are copied.</summary>
    /// <param name="values">The elements, row by row.</param>
    /// <param name="dimensions">The dimensions; left out for a scalar.</param>
    public static TensorValue Of(ReadOnlySpan<float> values, params ReadOnlySpan<long> dimensions) =>
        new(ElementType.Float, dimensions, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>A tensor of floating point numbers of any size. The values are rounded.</summary>
    /// <param name="values">The elements, row by row.</param>
    /// <param name="type">A floating point type.</param>
    /// <param name="dimensions">The dimensions; left out for a scalar.</param>
    /// <exception cref="ArgumentException">The type is no floating point type.</exception>
    public static TensorValue Of(IEnumerable<double> values, ElementType type, params ReadOnlySpan<long> dimensions) => new(type, dimensions, type switch
    {
        ElementType.Double => MemoryMarshal.AsBytes<double>(values.ToArray()).ToArray(),
        ElementType.Float => MemoryMarshal.AsBytes<float>(values.Select(value => (float)value).ToArray()).ToArray(),
        ElementType.Float16 => MemoryMarshal.AsBytes<Half>(values.Select(value => (Half)value).ToArray()).ToArray(),
        ElementType.BFloat16 => MemoryMarshal.AsBytes<ushort>(values.Select(UpperHalf).ToArray()).ToArray(),
        _ => throw new ArgumentException($"{type} is no floating point type", nameof(type)),
    });

    /// <summary>A 64-bit integer tensor: shapes, axes, indices. The values are copied.</summary>
    /// <param name="values">The elements, row by row.</param>
    /// <param name="dimensions">The dimensions; left out for a scalar.</param>
    public static TensorValue Of(ReadOnlySpan<long> values, params ReadOnlySpan<long> dimensions) =>
        new(ElementType.Int64, dimensions, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>The elements as <typeparamref name="T"/>, without a copy.</summary>
    /// <typeparam name="T">A type of the element type's size: <c>float</c> for <see cref="ElementType.Float"/> and so on.</typeparam>
    /// <exception cref="InvalidOperationException">The sizes differ.</exception>
    public ReadOnlySpan<T> As<T>()
        where T : unmanaged =>
        Unsafe.SizeOf<T>() == Type.Size()
            ? MemoryMarshal.Cast<byte, T>(Data.Span)
            : throw new InvalidOperationException($"A {Type} tensor cannot be read as {typeof(T).Name}.");

    /// <summary>Whether type, dimensions and every bit of the elements are equal.</summary>
    public bool ContentEquals(TensorValue other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Type == other.Type
            && Dimensions.SequenceEqual(other.Dimensions)
            && Data.Span.SequenceEqual(other.Data.Span)
            && Strings.SequenceEqual(other.Strings);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Type} {Format(_dimensions)}";

    // The upper half of a 32-bit float, rounded to the nearest, halves to even.
    private static ushort UpperHalf(double value)
    {
        uint bits = BitConverter.SingleToUInt32Bits((float)value);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    private static Int128 CountElements(ReadOnlySpan<long> dimensions)
    {
        Int128 count = 1;
        foreach (long dimension in dimensions)
        {
            if (dimension < 0)
            {
                throw new ArgumentException($"a dimension of {Format(dimensions)} is negative");
            }

            // Past 2^63 elements the exact product no longer matters, and must not overflow.
            count = count > long.MaxValue && dimension > 0 ? count : count * dimension;
        }

        return count;
    }

    private static string Format(ReadOnlySpan<long> dimensions) =>
        dimensions.IsEmpty ? "a scalar" : InvariantText.Join("×", dimensions.ToArray());
}
