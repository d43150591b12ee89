using System.Runtime.InteropServices;
using static TorchSharp.Operators;

namespace TorchSharp;

/// <summary>The ways in which tensors come into being.</summary>
public static partial class torch
{
    /// <summary>
    /// A copy of an array of numbers or truth values, of any rank, as a tensor of its shape and type.
    /// </summary>
    /// <exception cref="NotSupportedException">No element type of a tensor holds the array's elements.</exception>
    public static Tensor from_array(Array rawArray, Device? device = null) => from_array(rawArray, null, device);

    /// <summary>A copy of an array of numbers or truth values, of any rank, as a tensor of its shape.</summary>
    /// <exception cref="NotSupportedException">No element type of a tensor holds the array's elements.</exception>
    public static Tensor from_array(
        Array rawArray, ScalarType? dtype, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        ArgumentNullException.ThrowIfNull(rawArray);
        ScalarType type = TypeOf(rawArray.GetType().GetElementType()!);
        long[] shape = [.. Enumerable.Range(0, rawArray.Rank).Select(rawArray.GetLongLength)];
        Tensor created = Create("empty", shape, type, null, false, names);
        Span<byte> target = created.bytes;
        MemoryMarshal.CreateReadOnlySpan(ref MemoryMarshal.GetArrayDataReference(rawArray), target.Length).CopyTo(target);
        return Place(created, dtype, device, requires_grad);
    }

    /// <summary>The tensor, converted and moved where asked for.</summary>
    public static Tensor as_tensor(Tensor data, ScalarType? dtype = null, Device? device = null) =>
        data.to(dtype ?? data.dtype, device ?? data.device);

    private static Tensor Copy<T>(
        ReadOnlySpan<T> values, ReadOnlySpan<long> dimensions, ScalarType? dtype, Device? device, bool requiresGrad,
        string[]? names = null)
        where T : unmanaged
    {
        long[] shape = dimensions.ToArray();
        if (shape.Aggregate(1L, (product, length) => product * length) != values.Length)
        {
            throw new ArgumentException($"The shape [{string.Join(", ", shape)}] does not hold {values.Length} elements.");
        }

        Tensor created = Create("empty", shape, TypeOf(typeof(T)), null, false, names);
        MemoryMarshal.AsBytes(values).CopyTo(created.bytes);
        return Place(created, dtype, device, requiresGrad);
    }

    /// <summary>Converts and moves a tensor just made, where asked for.</summary>
    private static Tensor Place(Tensor created, ScalarType? dtype, Device? device, bool requiresGrad)
    {
        if ((dtype ?? created.dtype) != created.dtype || device is { type: not DeviceType.CPU })
        {
            created = created.to(dtype ?? created.dtype, device ?? CPU, disposeAfter: true);
        }

        return Finish(created, requiresGrad);
    }

    private static Tensor Create(
        string name, long[] size, ScalarType? dtype, Device? device, bool requiresGrad, string[]? names) =>
        Finish(Call(name == "empty" ? "empty.memory_format" : name, size, dtype, default, device), requiresGrad, names);

    private static Tensor Full(
        long[] size, Scalar value, ScalarType? dtype, Device? device, bool requiresGrad, string[]? names) =>
        Finish(Call("full", size, value, dtype, default, device), requiresGrad, names);

    private static Tensor Draw(
        string name, long[] size, Generator? generator, ScalarType? dtype, Device? device, bool requiresGrad, string[]? names) =>
        Finish(Call(name, size, generator, dtype, default, device), requiresGrad, names);

    private static Tensor Finish(Tensor created, bool requiresGrad, string[]? names = null)
    {
        if (names is not null)
        {
            throw new NotSupportedException("Dimensions cannot be named.");
        }

        return requiresGrad ? created.requires_grad_() : created;
    }
}
