using Microsoft.Win32.SafeHandles;

namespace AuditKit.Data;

/// <summary>Files that lie one behind another in a single open file.</summary>
/// <param name="path">What they come from.</param>
internal abstract class PartTree(string path) : ArchiveTree<PartTree.Part>(path)
{
    /// <summary>The file that holds them; disposed with this object.</summary>
    protected SafeFileHandle? Handle { get; set; }

    /// <inheritdoc/>
    public override byte[] Read(string path, long limit)
    {
        Part part = Entry(path);
        if (part.Length > limit)
        {
            throw new AuditException($"{FullName(path)}: {part.Length} bytes are more than such a file may have ({limit}).", ExitCode.Error);
        }

        byte[] bytes = GC.AllocateUninitializedArray<byte>((int)part.Length);
        In(path, part).Read(0, bytes);
        return bytes;
    }

    /// <inheritdoc/>
    /// <remarks>Whoever gets a part disposes its file; as this one is everybody's, the part is copied.</remarks>
    public override FilePart Open(string path)
    {
        Part part = Entry(path);
        using var content = new FilePartStream(In(path, part), 0, part.Length);
        return new FilePart(TemporaryFile.Of(content, part.Length, FullName(path)), FullName(path), 0, part.Length);
    }

    /// <inheritdoc/>
    public override void Dispose() => Handle?.Dispose();

    private FilePart In(string path, Part part) => new(Handle!, FullName(path), part.Offset, part.Length);

    /// <summary>Where a file's bytes are.</summary>
    internal readonly record struct Part(long Offset, long Length);
}
