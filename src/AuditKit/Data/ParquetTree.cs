namespace AuditKit.Data;

/// <summary>
/// The images of Parquet files. A column cannot be read at an image's offset, so that they are written once, one behind
/// another, into a temporary file, which has no name and goes with the process.
/// </summary>
internal sealed class ParquetTree : PartTree
{
    private readonly string[] _files;
    private long _written;

    /// <summary>An empty tree.</summary>
    /// <param name="source">Where the files are.</param>
    /// <param name="files">The files, at least one.</param>
    /// <exception cref="AuditException">There is no room in the temporary folder.</exception>
    public ParquetTree(IFileTree source, IReadOnlyList<string> files)
        : base(source.FullName(files[0]))
    {
        _files = [.. source.OnDisk(files)];
        Handle = Guarded(TemporaryFile.Create);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> OnDisk(IEnumerable<string> paths) => _files;

    /// <summary>Adds an image.</summary>
    /// <exception cref="AuditException">There is no room in the temporary folder, or the name is taken.</exception>
    public void Add(string name, byte[] image)
    {
        Guarded(() =>
        {
            RandomAccess.Write(Handle!, image, _written);
            return true;
        });
        AddFile(name, new Part(_written, image.Length));
        _written += image.Length;
    }

    private T Guarded<T>(Func<T> write)
    {
        try
        {
            return write();
        }
        catch (IOException e)
        {
            throw TemporaryFile.NoRoom(Path, e);
        }
    }
}
