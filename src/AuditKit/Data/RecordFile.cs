using Microsoft.Win32.SafeHandles;

namespace AuditKit.Data;

/// <summary>A file of records of equal length, read by index from several threads and never as a whole.</summary>
internal sealed class RecordFile : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly string _path;
    private readonly long _offset;

    /// <summary>Records in an open file.</summary>
    /// <param name="handle">The file; disposed with this object.</param>
    /// <param name="path">What errors call it.</param>
    /// <param name="offset">Bytes before the first record.</param>
    /// <param name="count">Number of records.</param>
    /// <param name="length">Bytes in a record.</param>
    public RecordFile(SafeFileHandle handle, string path, long offset, int count, int length)
        => (_handle, _path, _offset, Count, Length) = (handle, path, offset, count, length);

    /// <summary>Number of records.</summary>
    public int Count { get; }

    /// <summary>Bytes in a record.</summary>
    public int Length { get; }

    /// <summary>Reads the first bytes of a record, as many as the span holds; where it holds more than a record, those that follow, too.</summary>
    /// <exception cref="AuditException">The file cannot be read or has become shorter.</exception>
    public void Read(int index, Span<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, (long)(Count - index) * Length, nameof(bytes));
        long position = _offset + ((long)index * Length);
        try
        {
            while (bytes.Length > 0)
            {
                int read = RandomAccess.Read(_handle, bytes, position);
                if (read == 0)
                {
                    throw new EndOfStreamException("the file has become shorter since it was opened");
                }

                position += read;
                bytes = bytes[read..];
            }
        }
        catch (IOException e)
        {
            throw new AuditException($"{_path}: record {index} cannot be read: {e.Message}", ExitCode.Error, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();
}
