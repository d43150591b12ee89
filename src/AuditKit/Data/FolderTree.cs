using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AuditKit.Data;

/// <summary>
/// A folder on disk, which may itself be reached through links; links in it must not lead out of it, unless the user has said
/// that they may.
/// </summary>
internal sealed partial class FolderTree : IFileTree
{
    private readonly string _real;
    private readonly bool _followsLinks;

    // Every file that was resolved through a link out of the folder.
    private readonly ConcurrentDictionary<string, bool> _linked = new(StringComparer.Ordinal);

    /// <summary>An existing folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="followsLinks">Whether links may lead out of it.</param>
    /// <exception cref="AuditException">There is no such folder.</exception>
    public FolderTree(string folder, bool followsLinks = false)
    {
        _followsLinks = followsLinks;
        Path = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(folder));
        _real = (Directory.Exists(Path) ? RealPath(Path) : null) ?? throw new AuditException($"{Path}: there is no such folder.");
    }

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Fact> Facts => _linked.IsEmpty ? []
        : [new Fact("Links followed", $"{NumberText.Count(_linked.Count, "file is", "files are")} reached through links out of the folder, "
            + "as data.follow-links allows")];

    /// <inheritdoc/>
    public IReadOnlyList<string> Folders(string folder) => Names(folder, Directory.EnumerateDirectories);

    /// <inheritdoc/>
    public IReadOnlyList<string> Files(string folder) => Names(folder, Directory.EnumerateFiles);

    /// <inheritdoc/>
    public int Hidden(string folder) => Names(folder, Directory.EnumerateFiles, hidden: true).Length;

    /// <inheritdoc/>
    public bool Contains(string path) => File.Exists(FullName(path));

    /// <inheritdoc/>
    public string Resolve(string path, string where)
    {
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            throw new AuditException($"{where}: a path with a NUL character, which no file's name can hold.");
        }

        string full = System.IO.Path.GetFullPath(FullName(path));
        if (!IsInside(full, Path))
        {
            throw new AuditException($"{where}: '{path}' leads out of {Path}; images must lie inside it.");
        }

        if (RealPath(full) is not { } real || !File.Exists(real))
        {
            throw new AuditException($"{where}: there is no file '{path}' in {Path}.");
        }

        string relative = System.IO.Path.GetRelativePath(Path, full);
        if (!IsInside(real, _real))
        {
            _linked[relative] = _followsLinks ? true : throw new AuditException(
                $"{where}: '{path}' is a link out of {Path}; images must lie inside it. If you trust the link, write in data: follow-links: true");
        }

        return relative;
    }

    /// <inheritdoc/>
    public byte[] Read(string path, long limit)
    {
        string full = FullName(path);
        try
        {
            long size = new FileInfo(full).Length;
            return size <= limit
                ? RegularFile.ReadAllBytes(full)
                : throw new AuditException($"{full}: {size} bytes are more than such a file may have ({limit}).", ExitCode.Error);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditException($"{full}: cannot be read: {e.Message}", ExitCode.Error, e);
        }
    }

    /// <inheritdoc/>
    public FilePart Open(string path)
    {
        string full = FullName(Resolve(path, Path));
        try
        {
            SafeFileHandle handle = RegularFile.OpenHandle(full);
            return new FilePart(handle, full, 0, RandomAccess.GetLength(handle));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditException($"{full}: cannot be read: {e.Message}", ExitCode.Usage, e);
        }
    }

    /// <inheritdoc/>
    /// <remarks>The folder may be a link: it is the user who names it.</remarks>
    public IFileTree Within(string folder) => new FolderTree(FullName(folder), _followsLinks);

    /// <inheritdoc/>
    public string FullName(string path) => System.IO.Path.Combine(Path, path);

    /// <inheritdoc/>
    public IReadOnlyList<string> OnDisk(IEnumerable<string> paths) => [.. paths.Select(FullName)];

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private string[] Names(string folder, Func<string, IEnumerable<string>> list, bool hidden = false)
    {
        string full = FullName(folder);
        try
        {
            // Hidden files are left by file managers and are no data.
            return Directory.Exists(full)
                ? [.. list(full).Select(path => System.IO.Path.GetFileName(path)).Where(name => name[0] == '.' == hidden).Order(StringComparer.Ordinal)]
                : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditException($"{full}: cannot be read: {e.Message}", ExitCode.Usage, e);
        }
    }

    private static bool IsInside(string path, string folder)
        => path.StartsWith(folder.TrimEnd('/') + '/', StringComparison.Ordinal);

    // The path without any link in it; null where nothing is there, or links run in a circle.
    private static string? RealPath(string path)
    {
        nint real = realpath(path, 0);
        string? text = Marshal.PtrToStringUTF8(real);
        free(real);
        return text;
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint realpath(string path, nint buffer);

    [LibraryImport("libc")]
    private static partial void free(nint pointer);
}
