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
        (SafeFileHandle handle, long written) = UpTo(content, length, path, () => Damaged(path, length));
        if (written == length)
        {
            return handle;
        }

        handle.Dispose();
        throw Damaged(path, length);
    }

    /// <summary>Copies a stream of unknown length.</summary>
    /// <param name="content">The stream, from where it stands to its end.</param>
    /// <param name="limit">How many bytes it may have.</param>
    /// <param name="path">What errors call it.</param>
    /// <param name="exceeded">The error where it has more.</param>
    /// <returns>The file and its length.</returns>
    /// <exception cref="AuditException">The stream has more bytes, or there is no room for them.</exception>
    /// <exception cref="InvalidDataException">The stream is corrupt.</exception>
    public static (SafeFileHandle Handle, long Length) UpTo(Stream content, long limit, string path, Func<AuditException> exceeded)
    {
        SafeFileHandle? handle = null;
        try
        {
            handle = Create();
            var buffer = new byte[1 << 16];
            long written = 0;
            // Reaching the end lets a decompressing stream verify its checksum.
            for (int read; (read = Read(content, buffer)) > 0; written += read)
            {
                if (read > limit - written)
                {
                    throw exceeded();
                }

                RandomAccess.Write(handle, buffer.AsSpan(0, read), written);
            }

            return (handle, written);
        }
        catch (Exception e)
        {
            handle?.Dispose();
            throw e is IOException ? NoRoom(path, e) : e;
        }
    }

    /// <summary>An empty file for reading and writing.</summary>
    /// <exception cref="IOException">None can be made.</exception>
    public static SafeFileHandle Create()
    {
        string temporary = Path.GetTempFileName();
        SafeFileHandle handle = File.OpenHandle(temporary, FileMode.Open, FileAccess.ReadWrite, FileShare.Delete);
        File.Delete(temporary);
        return handle;
    }

    /// <summary>The error for a file that the temporary folder cannot hold.</summary>
    public static AuditException NoRoom(string path, Exception e)
        => new($"{path}: cannot be unpacked to {Path.GetTempPath()}: {e.Message} Set TMPDIR to a folder with room for it.", ExitCode.Usage, e);

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
