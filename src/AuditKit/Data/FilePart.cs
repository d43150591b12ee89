using Microsoft.Win32.SafeHandles;

namespace AuditKit.Data;

/// <summary>The bytes of a data file, wherever they are: a file of their own, or a part of an archive.</summary>
/// <param name="Handle">The file that holds them; whoever gets this object disposes it.</param>
/// <param name="Name">What errors call it.</param>
/// <param name="Offset">Where they begin, in bytes.</param>
/// <param name="Length">How many they are.</param>
internal sealed record FilePart(SafeFileHandle Handle, string Name, long Offset, long Length)
{
    /// <summary>Reads bytes until the span is full.</summary>
    /// <param name="position">Where to start, counted from the part's beginning.</param>
    /// <param name="bytes">Receives the bytes.</param>
    /// <exception cref="AuditException">The part ends before, or the file cannot be read.</exception>
    public void Read(long position, Span<byte> bytes)
    {
        try
        {
            while (bytes.Length > 0)
            {
                int wanted = (int)Math.Min(bytes.Length, Math.Max(0, Length - position));
                int read = wanted == 0 ? 0 : RandomAccess.Read(Handle, bytes[..wanted], Offset + position);
                if (read == 0)
                {
                    throw new AuditException($"{Name}: truncated: it ends after {Math.Min(Length, position)} bytes. Download it again.");
                }

                position += read;
                bytes = bytes[read..];
            }
        }
        catch (IOException e)
        {
            throw new AuditException($"{Name}: cannot be read: {e.Message}", ExitCode.Error, e);
        }
    }
}
