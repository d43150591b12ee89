namespace AuditKit.Data;

/// <summary>What a spec's <c>data.path</c> leads to.</summary>
/// <param name="Tree">The folder or the archive; where the path is a single data file, its folder.</param>
/// <param name="File">The name of the single data file, such as a manifest; null for a folder or an archive.</param>
internal sealed record DataLocation(IFileTree Tree, string? File) : IDisposable
{
    private const int TarMagicAt = 257;

    /// <summary>Opens a folder, an archive (told by its first bytes, not by its name) or a single file.</summary>
    /// <exception cref="AuditException">Nothing is there, or it is an archive that cannot be read in place.</exception>
    public static DataLocation Open(string path)
    {
        if (!System.IO.File.Exists(path))
        {
            return new(new FolderTree(path), null);
        }

        byte[] start = Start(path);
        return start.AsSpan().StartsWith("PK\x3\x4"u8) || start.AsSpan().StartsWith("PK\x5\x6"u8) ? new(new ZipTree(path), null)
            : start.AsSpan(TarMagicAt).StartsWith("ustar"u8) || path.EndsWith(".tar", StringComparison.OrdinalIgnoreCase) ? new(new TarTree(path), null)
            : IsCompressed(start) && !path.EndsWith("-ubyte.gz", StringComparison.Ordinal) ? throw new AuditException(
                $"{path}: a compressed archive, which cannot be read in place. Uncompress it to a .tar (gunzip, xz -d), or unpack it into a folder.")
            : new(new FolderTree(Path.GetDirectoryName(Path.GetFullPath(path))!), Path.GetFileName(path));
    }

    /// <summary>
    /// Where the data may begin: here, or in the only top folder, which is what most archives unpack to.
    /// </summary>
    public IEnumerable<DataLocation> Starts()
    {
        yield return this;
        if (File is null && Tree.Folders("") is [var only] && Tree.Files("").Count == 0)
        {
            yield return new DataLocation(Tree.Within(only), null);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Tree.Dispose();

    // gzip, xz, bzip2, Zstandard.
    private static bool IsCompressed(ReadOnlySpan<byte> start)
        => start is [0x1F, 0x8B, ..] or [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', ..] or [(byte)'B', (byte)'Z', (byte)'h', ..] or [0x28,
            0xB5, 0x2F, 0xFD, ..];

    private static byte[] Start(string path)
    {
        byte[] start = new byte[TarMagicAt + 5];
        try
        {
            using FileStream file = RegularFile.Open(path);
            file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            return start;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditException($"{path}: cannot be read: {e.Message}", ExitCode.Usage, e);
        }
    }
}
