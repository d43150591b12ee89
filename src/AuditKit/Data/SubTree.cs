namespace AuditKit.Data;

/// <summary>A folder of an archive: the one top folder that most archives have, or a split. Disposing it disposes the tree.</summary>
internal sealed class SubTree(IFileTree tree, string folder) : IFileTree
{
    /// <inheritdoc/>
    public string Path => tree.FullName(folder);

    /// <inheritdoc/>
    public IReadOnlyList<string> Folders(string path) => tree.Folders(Below(path));

    /// <inheritdoc/>
    public IReadOnlyList<string> Files(string path) => tree.Files(Below(path));

    /// <inheritdoc/>
    public int Hidden(string path) => tree.Hidden(Below(path));

    /// <inheritdoc/>
    public IReadOnlyList<Fact> Facts => tree.Facts;

    /// <inheritdoc/>
    public bool Contains(string path) => tree.Contains(Below(path));

    /// <inheritdoc/>
    public string Resolve(string path, string where)
    {
        string full = tree.Resolve(path.StartsWith('/') ? path : Below(path), where);
        return full.StartsWith(folder + '/', StringComparison.Ordinal)
            ? full[(folder.Length + 1)..]
            : throw new AuditException($"{where}: '{path}' leads out of {Path}; images must lie inside it.");
    }

    /// <inheritdoc/>
    public byte[] Read(string path, long limit) => tree.Read(Below(path), limit);

    /// <inheritdoc/>
    public FilePart Open(string path) => tree.Open(Below(path));

    /// <inheritdoc/>
    public IFileTree Within(string path) => tree.Within(Below(path));

    /// <inheritdoc/>
    public string FullName(string path) => tree.FullName(Below(path));

    /// <inheritdoc/>
    public IReadOnlyList<string> OnDisk(IEnumerable<string> paths) => tree.OnDisk(paths.Select(Below));

    /// <inheritdoc/>
    public void Dispose() => tree.Dispose();

    private string Below(string path) => path.Length == 0 ? folder : $"{folder}/{path}";
}
