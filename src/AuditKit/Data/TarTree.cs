using System.Formats.Tar;
using Microsoft.Win32.SafeHandles;

namespace AuditKit.Data;

/// <summary>
/// A tar archive (v7, ustar, pax or GNU): every file is a part of it, read at its offset. A compressed one is unpacked to a
/// temporary tar first, which has no name and goes with the process.
/// </summary>
internal sealed class TarTree : PartTree
{
    // What ends every tar: two blocks of zeros. A gzip file that was cut off is not noticed otherwise.
    private const int EndLength = 1024;

    private readonly bool _isUnpacked;

    /// <summary>Lists an archive.</summary>
    /// <param name="path">The archive.</param>
    /// <param name="unpack">Its content, unpacked; null where it is not compressed.</param>
    /// <exception cref="AuditException">The file is no tar archive, damaged, a decompression bomb, or has names that lead out of it.</exception>
    public TarTree(string path, Func<Stream, Stream>? unpack = null)
        : base(path)
    {
        _isUnpacked = unpack is not null;
        try
        {
            Handle = unpack is null ? RegularFile.OpenHandle(Path) : Unpacked(Path, unpack);
            long length = RandomAccess.GetLength(Handle);
            using var stream = new FilePartStream(new FilePart(Handle, Path, 0, length), 0, length);
            using var reader = new TarReader(stream);
            while (reader.GetNextEntry() is { } entry)
            {
                switch (entry.EntryType)
                {
                    case TarEntryType.Directory:
                        AddFolder(entry.Name);
                        break;
                    case TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile:
                        AddFile(entry.Name, entry.Length == 0 ? default : new Part(entry.DataOffset, entry.Length));
                        if (entry.Length > 0 && entry.Length > length - entry.DataOffset)
                        {
                            throw new EndOfStreamException($"'{entry.Name}' ends behind the archive's end");
                        }

                        break;
                }
            }
        }
        catch (Exception e)
        {
            Dispose();
            // Whatever the reader says of bytes that it cannot follow, it is the archive that is damaged.
            throw e is AuditException ? e : Damaged(Path, unpack is null ? "tar" : "compressed tar", e);
        }
    }

    /// <inheritdoc/>
    public override FilePart Open(string path)
    {
        if (_isUnpacked)
        {
            return base.Open(path);
        }

        Part part = Entry(path);
        return new FilePart(RegularFile.OpenHandle(Path), FullName(path), part.Offset, part.Length);
    }

    private static SafeFileHandle Unpacked(string path, Func<Stream, Stream> unpack)
    {
        using FileStream file = RegularFile.Open(path);
        using Stream content = unpack(file);
        (SafeFileHandle handle, long length) = TemporaryFile.UpTo(
            content, UnpackLimit.Of(file.Length), path, () => UnpackLimit.Exceeded(path, file.Length, ExitCode.Usage));
        byte[] end = new byte[Math.Min(EndLength, length)];
        RandomAccess.Read(handle, end, length - end.Length);
        if (end.Length == EndLength && !end.AsSpan().ContainsAnyExcept((byte)0))
        {
            return handle;
        }

        handle.Dispose();
        throw new InvalidDataException("what it unpacks to is no tar, or not the whole of one");
    }
}
