namespace AuditKit.Data;

/// <summary>
/// An archive on disk, read in place: its entries are listed once, files are read when asked for, nothing is
/// unpacked into a folder. Links in it are not followed.
/// </summary>
/// <typeparam name="TEntry">Where a file's bytes are in the archive.</typeparam>
/// <param name="path">The archive.</param>
internal abstract class ArchiveTree<TEntry>(string path) : IFileTree
    where TEntry : struct
{
    // Deeper than any data set; each level of a name costs memory.
    private const int MaxDepth = 32;

    private readonly Dictionary<string, TEntry> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Listing> _folders = new(StringComparer.Ordinal) { [""] = new() };

    /// <inheritdoc/>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <inheritdoc/>
    public IReadOnlyList<string> Folders(string folder) => _folders.TryGetValue(folder, out Listing? listing) ? [.. listing.Folders] : [];

    /// <inheritdoc/>
    public IReadOnlyList<string> Files(string folder) => _folders.TryGetValue(folder, out Listing? listing) ? [.. listing.Files] : [];

    /// <inheritdoc/>
    public int Hidden(string folder) => _folders.TryGetValue(folder, out Listing? listing) ? listing.Hidden : 0;

    /// <inheritdoc/>
    public bool Contains(string path) => _files.ContainsKey(path);

    /// <inheritdoc/>
    public string Resolve(string path, string where)
    {
        string name = string.Join('/', Segments(path)
            ?? throw new AuditException($"{where}: '{path}' leads out of {Path}; images must lie inside it."));
        return _files.ContainsKey(name) ? name : throw new AuditException($"{where}: there is no file '{path}' in {Path}.");
    }

    /// <inheritdoc/>
    public abstract byte[] Read(string path, long limit);

    /// <inheritdoc/>
    public abstract FilePart Open(string path);

    /// <inheritdoc/>
    public IFileTree Within(string folder) => _folders.ContainsKey(folder.TrimEnd('/'))
        ? new SubTree(this, folder.TrimEnd('/'))
        : throw new AuditException($"{FullName(folder)}: there is no such folder.");

    /// <inheritdoc/>
    public string FullName(string path) => path.Length == 0 ? Path : $"{Path}/{path}";

    /// <inheritdoc/>
    public virtual IReadOnlyList<string> OnDisk(IEnumerable<string> paths) => [Path];

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Lists a file under the name that the archive gives it.</summary>
    /// <exception cref="AuditException">The name leads out of the archive, or was given before.</exception>
    protected void AddFile(string name, TEntry entry)
    {
        if (Place(name) is not { Length: > 0 } segments)
        {
            return;
        }

        if (segments[^1][0] == '.')
        {
            AddFolder(segments.AsSpan()[..^1]).Hidden++;
        }
        else
        {
            string file = string.Join('/', segments);
            if (!_files.TryAdd(file, entry) || _folders.ContainsKey(file))
            {
                throw new AuditException($"{Path}: has '{file}' twice; it must be clear which one is meant. Pack it again.");
            }

            AddFolder(segments.AsSpan()[..^1]).Files.Add(segments[^1]);
        }
    }

    /// <summary>Lists a folder, which may be empty.</summary>
    /// <exception cref="AuditException">The name leads out of the archive.</exception>
    protected void AddFolder(string name)
    {
        if (Place(name) is { } segments && segments is not [.., ['.', ..]])
        {
            AddFolder(segments);
        }
    }

    /// <summary>Where a file is.</summary>
    /// <exception cref="AuditException">There is no such file.</exception>
    protected TEntry Entry(string path) => _files[Resolve(path, Path)];

    /// <summary>The error for an archive that its format's reader cannot follow.</summary>
    protected static AuditException Damaged(string path, string kind, Exception e)
        => new($"{path}: truncated or corrupt {kind} archive: {e.Message.TrimEnd('.')}. Download or pack it again.", ExitCode.Usage, e);

    private Listing AddFolder(ReadOnlySpan<string> segments)
    {
        string folder = string.Join('/', segments);
        if (!_folders.TryGetValue(folder, out Listing? listing))
        {
            if (_files.ContainsKey(folder))
            {
                throw new AuditException($"{Path}: has '{folder}' as a file and as a folder. Pack it again.");
            }

            AddFolder(segments[..^1]).Folders.Add(segments[^1]);
            _folders[folder] = listing = new();
        }

        return listing;
    }

    // Null for what lies in hidden folders and __MACOSX, which file managers leave in archives.
    private string[]? Place(string name)
    {
        string[] segments = Segments(name)
            ?? throw new AuditException($"{Path}: the entry '{name}' leads out of the archive, which no sound archive does.");
        return segments.Length > MaxDepth ? throw new AuditException($"{Path}: the entry '{name[..Math.Min(name.Length, 80)]}…' lies deeper "
            + $"than {MaxDepth} folders.")
            : segments.Contains("__MACOSX") || segments.SkipLast(1).Any(segment => segment[0] == '.') ? null
            : segments;
    }

    // Null for a path that leads out of the archive.
    private static string[]? Segments(string name)
    {
        string[] segments = [.. name.Split('/').Where(segment => segment is not ("" or "."))];
        return name.StartsWith('/') || name.Contains('\0', StringComparison.Ordinal) || segments.Contains("..") ? null : segments;
    }

    private sealed class Listing
    {
        public SortedSet<string> Folders { get; } = new(StringComparer.Ordinal);

        public int Hidden { get; set; }

        public SortedSet<string> Files { get; } = new(StringComparer.Ordinal);
    }
}
