using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AuditKit;

/// <summary>
/// Reads files whose paths a user gave. Such a path may lead to a pipe, which blocks when it is opened, to a device without an
/// end, or be no path at all: each of these is an <see cref="IOException"/> before anything is opened, like a missing file.
/// </summary>
public static partial class RegularFile
{
    private const int AtCurrentFolder = -100, WantMode = 0x3, StatxLength = 256, StatxMode = 28;
    private const int StatLength = 144, StatMode = 4;
    private const int TypeMask = 0xF000, Regular = 0x8000, Folder = 0x4000, Pipe = 0x1000, Socket = 0xC000;

    /// <summary>Opens a file for reading.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">There is no such file, it is no regular one, or it cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static FileStream Open(string path)
    {
        Require(path);
        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
    }

    /// <summary>Opens a file for reading at any place.</summary>
    /// <inheritdoc cref="Open"/>
    public static SafeFileHandle OpenHandle(string path)
    {
        Require(path);
        return File.OpenHandle(path);
    }

    /// <summary>The file's content.</summary>
    /// <inheritdoc cref="Open"/>
    public static byte[] ReadAllBytes(string path)
    {
        Require(path);
        return File.ReadAllBytes(path);
    }

    /// <summary>The file's content as text: UTF-8, unless a byte order mark says otherwise.</summary>
    /// <inheritdoc cref="Open"/>
    public static string ReadAllText(string path)
    {
        Require(path);
        return File.ReadAllText(path);
    }

    /// <summary>Refuses what is no regular file: for readers that open a path themselves, as SQLite and libtorch do.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">There is something else under this path, or it can be no path. What is not there at all is left to the reader.</exception>
    public static void Require(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
        {
            throw new IOException(path.Length == 0 ? "The path is empty." : "The path holds a NUL character, which no file's name can.");
        }

        if ((Directory.Exists(path) ? Folder : Type(path)) is { } type and not Regular)
        {
            throw new IOException($"It is {(type == Folder ? "a folder" : type == Pipe ? "a named pipe" : type == Socket ? "a socket" : "a device")}, not a file.");
        }
    }

    // The type bits of a path's mode, links followed; null where nothing is there, and on systems without such things.
    private static int? Type(string path)
    {
        Span<byte> status = stackalloc byte[StatxLength];
        if (OperatingSystem.IsLinux())
        {
            return statx(AtCurrentFolder, path, 0, WantMode, ref MemoryMarshal.GetReference(status)) == 0
                ? BinaryPrimitives.ReadUInt16LittleEndian(status[StatxMode..]) & TypeMask
                : null;
        }

        return OperatingSystem.IsMacOS() && stat(path, ref MemoryMarshal.GetReference(status[..StatLength])) == 0
            ? BinaryPrimitives.ReadUInt16LittleEndian(status[StatMode..]) & TypeMask
            : null;
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int folder, string path, int flags, uint wanted, ref byte status);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int stat(string path, ref byte status);
}
