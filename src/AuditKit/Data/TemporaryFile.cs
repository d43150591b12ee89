using Microsoft.Win32.SafeHandles;

namespace AuditKit.Data;

/// <summary>Unpacked data in the temporary folder, in a file without a name: it goes when the process goes, however that ends.</summary>
internal static class TemporaryFile
{
    /// <summary>Copies a stream.</summary>
    /// <param name="content">The stream, from where it stands to its end.</param>
    /// <param name="length">How many bytes it promises.</param>
    /// <param name="path">What errors call it.</param>
    /// <exception cref="AuditException">The stream has more or fewer bytes, or there is no room for them.</exception>
    /// <exception cref="InvalidDataException">The stream is corrupt.</exception>
    public static SafeFileHandle Of(Stream content, long length, string path)
    {
        SafeFileHandle? handle = null;
        try
        {
            string temporary = Path.GetTempFileName();
            handle = File.OpenHandle(temporary, FileMode.Open, FileAccess.ReadWrite, FileShare.Delete);
            File.Delete(temporary);
            var buffer = new byte[1 << 16];
            for (long written = 0; written < length;)
            {
                int read = Read(content, buffer.AsSpan(0, (int)Math.Min(length - written, buffer.Length)));
                if (read == 0)
                {
                    throw Damaged(path, length);
                }

                RandomAccess.Write(handle, buffer.AsSpan(0, read), written);
                written += read;
            }

            // Reaching the end lets a decompressing stream verify its checksum.
            return Read(content, buffer.AsSpan(0, 1)) == 0 ? handle : throw Damaged(path, length);
        }
        catch (Exception e)
        {
            handle?.Dispose();
            throw e is IOException
                ? new AuditException($"{path}: cannot be unpacked to {Path.GetTempPath()}: {e.Message} Set TMPDIR to a folder with {length} "
                    + "bytes of room.", ExitCode.Usage, e)
                : e;
        }
    }

    // zlib reports some damage as an I/O error, which is not one of the disk that is unpacked to.
    private static int Read(Stream content, Span<byte> buffer)
    {
        try
        {
            return content.Read(buffer);
        }
        catch (IOException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    /// <summary>The error for data that is not as long as it says.</summary>
    public static AuditException Damaged(string path, long length)
        => new($"{path}: truncated or damaged: it does not hold the {length} bytes of data that its header promises. Download it again.");
}
