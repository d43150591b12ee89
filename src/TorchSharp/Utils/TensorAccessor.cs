using System.Collections;
using static TorchSharp.torch;

namespace TorchSharp.Utils;

/// <summary>
/// A tensor's elements as C# values, in row-major order whatever the strides. Reads and writes the tensor's own
/// memory: it must not be disposed meanwhile.
/// </summary>
/// <typeparam name="T">The C# type of the elements.</typeparam>
public sealed unsafe class TensorAccessor<T> : IDisposable, IEnumerable<T>
    where T : unmanaged
{
    private readonly Tensor _tensor;
    private readonly T* _data;
    private readonly long[] _shape;
    private readonly long[] _strides;
    private readonly bool _contiguous;

    internal TensorAccessor(Tensor tensor)
    {
        TensorInfo info = tensor.Info;
        if (info.DeviceType != (int)DeviceType.CPU)
        {
            throw new InvalidOperationException("The tensor lives on another device: call cpu() first.");
        }

        if (TypeOf(typeof(T)) != (ScalarType)info.Type)
        {
            throw new ArgumentException($"The elements are of type {(ScalarType)info.Type}, not {typeof(T).Name}.");
        }

        (_tensor, _shape, _strides) = (tensor, tensor.shape, tensor.stride());
        _contiguous = info.Contiguous != 0;
        Count = info.Elements;
        _data = (T*)tensor.DataPointer;
    }

    /// <summary>The number of elements.</summary>
    public long Count { get; }

    /// <summary>An element: by its position in row-major order, or by one index a dimension.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index is outside its dimension.</exception>
    public T this[params long[] indices]
    {
        get => _data[Offset(indices)];
        set => _data[Offset(indices)] = value;
    }

    /// <summary>Copies all elements.</summary>
    public T[] ToArray()
    {
        var array = new T[Count];
        CopyTo(array);
        return array;
    }

    /// <summary>Copies all elements into an array of the tensor's shape (of one element for a scalar).</summary>
    public Array ToNDArray()
    {
        if (_shape.Length < 2)
        {
            return ToArray();
        }

        var array = Array.CreateInstance(typeof(T), _shape);
        fixed (byte* start = &System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(array))
        {
            CopyTo(new Span<T>(start, checked((int)Count)));
        }

        return array;
    }

    /// <summary>Copies elements from <paramref name="tensorIndex"/> on into an array, until either ends.</summary>
    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) =>
        CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    /// <summary>Copies elements from <paramref name="tensorIndex"/> on into a span, until either ends.</summary>
    public void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        Span<T> target = array[arrayIndex..];
        int count = (int)Math.Min(target.Length, Count - tensorIndex);
        if (_contiguous)
        {
            new ReadOnlySpan<T>(_data + tensorIndex, count).CopyTo(target);
            return;
        }

        for (int i = 0; i < count; i++)
        {
            target[i] = _data[Strided(tensorIndex + i)];
        }
    }

    /// <summary>Overwrites elements from <paramref name="tensorIndex"/> on by an array's, until either ends.</summary>
    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) =>
        CopyFrom((ReadOnlySpan<T>)array, arrayIndex, tensorIndex);

    /// <summary>Overwrites elements from <paramref name="tensorIndex"/> on by a span's, until either ends.</summary>
    public void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        ReadOnlySpan<T> source = array[arrayIndex..];
        int count = (int)Math.Min(source.Length, Count - tensorIndex);
        if (_contiguous)
        {
            source[..count].CopyTo(new Span<T>(_data + tensorIndex, count));
            return;
        }

        for (int i = 0; i < count; i++)
        {
            _data[Strided(tensorIndex + i)] = source[i];
        }
    }

    /// <summary>The elements in row-major order.</summary>
    public IEnumerator<T> GetEnumerator()
    {
        for (long i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Ends the access; the tensor is not disposed.</summary>
    public void Dispose() => GC.KeepAlive(_tensor);

    private long Offset(long[] indices)
    {
        if (indices.Length == 1)
        {
            return (ulong)indices[0] < (ulong)Count
                ? Strided(indices[0])
                : throw new ArgumentOutOfRangeException(nameof(indices), $"Element {indices[0]} of {Count}.");
        }

        long offset = 0;
        for (int i = 0; i < _shape.Length; i++)
        {
            offset += (ulong)indices[i] < (ulong)_shape[i]
                ? indices[i] * _strides[i]
                : throw new ArgumentOutOfRangeException(
                    nameof(indices), $"Index {indices[i]} in dimension {i} of length {_shape[i]}.");
        }

        return offset;
    }

    private long Strided(long position)
    {
        if (_contiguous)
        {
            return position;
        }

        long offset = 0;
        for (int i = _shape.Length - 1; i >= 0; i--)
        {
            (position, long index) = Math.DivRem(position, _shape[i]);
            offset += index * _strides[i];
        }

        return offset;
    }
}
