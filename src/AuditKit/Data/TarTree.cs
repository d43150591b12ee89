using System.Formats.Tar;
using Microsoft.Win32.SafeHandles;

namespace AuditKit.Data;

/// <summary>A tar archive (v7, ustar, pax or GNU), uncompressed: every file is a part of it, read at its offset.</summary>
internal sealed class TarTree : ArchiveTree<TarTree.Part>
{
    private readonly SafeFileHandle _handle;

    /// <summary>Lists an archive.</summary>
    /// <exception cref="AuditException">The file is no tar archive, damaged, or has names that lead out of it.</exception>
    public TarTree(string path)
        : base(path)
    {
        try
        {
            _handle = RegularFile.OpenHandle(Path);
            using FileStream stream = RegularFile.Open(Path);
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
                        if (entry.Length > 0 && entry.Length > stream.Length - entry.DataOffset)
                        {
                            throw new EndOfStreamException($"'{entry.Name}' ends behind the archive's end");
                        }

                        break;
                }
            }
        }
        catch (Exception e)
        {
            _handle?.Dispose();
            // Whatever the reader says of bytes that it cannot follow, it is the archive that is damaged.
            throw e is AuditException ? e : Damaged(Path, "tar", e);
        }
    }

    /// <inheritdoc/>
    public override byte[] Read(string path, long limit)
    {
        Part part = Entry(path);
        if (part.Length > limit)
        {
            throw new AuditException($"{FullName(path)}: {part.Length} bytes are more than such a file may have ({limit}).", ExitCode.Error);
        }

        byte[] bytes = GC.AllocateUninitializedArray<byte>((int)part.Length);
        new FilePart(_handle, FullName(path), part.Offset, part.Length).Read(0, bytes);
        return bytes;
    }

    /// <inheritdoc/>
    public override FilePart Open(string path)
    {
        Part part = Entry(path);
        return new FilePart(RegularFile.OpenHandle(Path), FullName(path), part.Offset, part.Length);
    }

    /// <inheritdoc/>
    public override void Dispose() => _handle.Dispose();

    /// <summary>Where a file's bytes are.</summary>
    internal readonly record struct Part(long Offset, long Length);
}
