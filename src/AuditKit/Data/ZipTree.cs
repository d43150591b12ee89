using System.Collections.Concurrent;
using System.IO.Compression;

namespace AuditKit.Data;

/// <summary>
/// A zip archive, such as NumPy's .npz. A <see cref="ZipArchive"/> is for one thread at a time, so every thread that
/// reads borrows one.
/// </summary>
internal sealed class ZipTree : ArchiveTree<ZipTree.Part>
{
    private readonly ConcurrentBag<ZipArchive> _idle = [];

    /// <summary>Lists an archive.</summary>
    /// <exception cref="AuditException">The file is no zip archive, damaged, encrypted, or has names that lead out of it.</exception>
    public ZipTree(string path)
        : base(path)
    {
        try
        {
            ZipArchive archive = Archive();
            _idle.Add(archive);
            foreach ((int index, ZipArchiveEntry entry) in archive.Entries.Index())
            {
                if (entry.FullName.EndsWith('/'))
                {
                    AddFolder(entry.FullName);
                }
                else
                {
                    AddFile(entry.FullName, new Part(index, entry.Length, entry.CompressedLength));
                }
            }
        }
        catch (Exception e)
        {
            Dispose();
            // Whatever the reader says of bytes that it cannot follow, it is the archive that is damaged.
            throw e is AuditException ? e : Damaged(Path, "zip", e);
        }
    }

    /// <inheritdoc/>
    public override byte[] Read(string path, long limit)
    {
        Part part = Checked(path, limit);
        return Reading(path, ExitCode.Error, archive =>
        {
            using Stream content = archive.Entries[part.Index].Open();
            byte[] bytes = GC.AllocateUninitializedArray<byte>((int)part.Length);
            content.ReadExactly(bytes);
            return content.ReadByte() < 0 ? bytes : throw new InvalidDataException("it is longer than the archive says");
        });
    }

    /// <inheritdoc/>
    /// <remarks>The file is unpacked into a temporary one: a compressed file cannot be read at any place.</remarks>
    public override FilePart Open(string path)
    {
        Part part = Checked(path, long.MaxValue);
        return Reading(path, ExitCode.Usage, archive =>
        {
            using Stream content = archive.Entries[part.Index].Open();
            return new FilePart(TemporaryFile.Of(content, part.Length, FullName(path)), FullName(path), 0, part.Length);
        });
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        while (_idle.TryTake(out ZipArchive? archive))
        {
            archive.Dispose();
        }
    }

    private ZipArchive Archive() => new(RegularFile.Open(Path), ZipArchiveMode.Read);

    private Part Checked(string path, long limit)
    {
        Part part = Entry(path);
        return part.Length > limit || part.Length < 0
            ? throw new AuditException($"{FullName(path)}: {part.Length} bytes are more than such a file may have ({limit}).", ExitCode.Error)
            : part.Length > UnpackLimit.Of(part.Compressed) ? throw UnpackLimit.Exceeded(FullName(path), part.Compressed, ExitCode.Error)
            : part;
    }

    private T Reading<T>(string path, ExitCode failure, Func<ZipArchive, T> read)
    {
        ZipArchive? archive = null;
        try
        {
            archive = _idle.TryTake(out ZipArchive? idle) ? idle : Archive();
            return read(archive);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new AuditException($"{FullName(path)}: truncated, corrupt or encrypted: {e.Message}", failure, e);
        }
        finally
        {
            if (archive is not null)
            {
                _idle.Add(archive);
            }
        }
    }

    /// <summary>An entry: its number in the archive, its bytes unpacked and as stored.</summary>
    internal readonly record struct Part(int Index, long Length, long Compressed);
}
