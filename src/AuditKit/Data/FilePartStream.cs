namespace AuditKit.Data;

/// <summary>A run of bytes of a data file.</summary>
/// <param name="part">The file; not disposed with this object.</param>
/// <param name="start">Where the run begins in the file.</param>
/// <param name="length">How many bytes it has.</param>
internal sealed class FilePartStream(FilePart part, long start, long length) : Stream
{
    private long _position;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => true;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => length;

    /// <inheritdoc/>
    public override long Position
    {
        get => _position;
        set => _position = value >= 0 ? value : throw new IOException("a position before the beginning");
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        int count = (int)Math.Clamp(length - _position, 0, buffer.Length);
        part.Read(start + _position, buffer[..count]);
        _position += count;
        return count;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin)
        => Position = offset + (origin == SeekOrigin.Begin ? 0 : origin == SeekOrigin.Current ? _position : length);

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
