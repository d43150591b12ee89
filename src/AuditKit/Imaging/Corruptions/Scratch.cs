using System.Buffers;

namespace AuditKit.Imaging.Corruptions;

/// <summary>Memory for one image's intermediate values, given back when it is disposed. Not cleared.</summary>
internal readonly ref struct Scratch<T>
{
    private readonly T[] _array;

    /// <summary>Takes memory for a number of values.</summary>
    public Scratch(int length)
    {
        _array = ArrayPool<T>.Shared.Rent(length);
        Span = _array.AsSpan(0, length);
    }

    /// <summary>The values.</summary>
    public Span<T> Span { get; }

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => ArrayPool<T>.Shared.Return(_array);
}
