using System.IO.Compression;
using ZstdSharp;

namespace AuditKit.Data;

/// <summary>What a spec's <c>data.path</c> leads to.</summary>
/// <param name="Tree">The folder or the archive; where the path is a single data file, its folder.</param>
/// <param name="File">The name of the single data file, such as a manifest; null for a folder or an archive.</param>
internal sealed record DataLocation(IFileTree Tree, string? File) : IDisposable
{
    private const int TarMagicAt = 257;

    /// <summary>Opens a folder, an archive (told by its first bytes, not by its name) or a single file.</summary>
    /// <param name="path">The path.</param>
    /// <param name="followsLinks">Whether links in a folder may lead out of it.</param>
    /// <exception cref="AuditException">Nothing is there, or it is an archive that cannot be read.</exception>
    public static DataLocation Open(string path, bool followsLinks = false)
    {
        if (!System.IO.File.Exists(path))
        {
            return new(new FolderTree(path, followsLinks), null);
        }

        byte[] start = Start(path);
        return start.AsSpan().StartsWith("PK\x3\x4"u8) || start.AsSpan().StartsWith("PK\x5\x6"u8) ? new(new ZipTree(path), null)
            : start.AsSpan(TarMagicAt).StartsWith("ustar"u8) || path.EndsWith(".tar", StringComparison.OrdinalIgnoreCase) ? new(new TarTree(path), null)
            : start is [0x1F, 0x8B, ..] && !path.EndsWith("-ubyte.gz", StringComparison.Ordinal)
                ? new(new TarTree(path, file => new GZipStream(file, CompressionMode.Decompress)), null)
            : start is [0x28, 0xB5, 0x2F, 0xFD, ..] ? new(new TarTree(path, file => new DecompressionStream(file)), null)
            : IsCompressed(start) ? throw new AuditException($"{path}: compressed by xz, bzip2 or 7-Zip, which is not read; expected .tar, .tar.gz, "
                + ".tar.zst or .zip. Uncompress it to a .tar (xz -d, bunzip2), or unpack it into a folder.")
            : new(new FolderTree(Path.GetDirectoryName(Path.GetFullPath(path))!, followsLinks), Path.GetFileName(path));
    }

    /// <summary>
    /// Where the data may begin: here, or in the only top folder, which is what most archives unpack to.
    /// </summary>
    public IEnumerable<DataLocation> Starts()
    {
        yield return this;
        if (File is null && Tree.Folders("") is [var only] && Tree.Files("").All(StrayFile.Is))
        {
            yield return new DataLocation(Tree.Within(only), null);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Tree.Dispose();

    // xz, bzip2, 7-Zip.
    private static bool IsCompressed(ReadOnlySpan<byte> start)
        => start is [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', ..] or [(byte)'B', (byte)'Z', (byte)'h', ..] or [(byte)'7', (byte)'z', 0xBC, 0xAF, ..];

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
