using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AuditKit.Data;

/// <summary>A folder on disk, which may itself be reached through links; links in it must not lead out of it.</summary>
internal sealed partial class FolderTree : IFileTree
{
    private readonly string _real;

    /// <summary>An existing folder.</summary>
    /// <exception cref="AuditException">There is no such folder.</exception>
    public FolderTree(string folder)
    {
        Path = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(folder));
        _real = (Directory.Exists(Path) ? RealPath(Path) : null) ?? throw new AuditException($"{Path}: there is no such folder.");
    }

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Folders(string folder) => Names(folder, Directory.EnumerateDirectories);

    /// <inheritdoc/>
    public IReadOnlyList<string> Files(string folder) => Names(folder, Directory.EnumerateFiles);

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

        return RealPath(full) is not { } real || !File.Exists(real)
            ? throw new AuditException($"{where}: there is no file '{path}' in {Path}.")
            : IsInside(real, _real) ? System.IO.Path.GetRelativePath(Path, full)
            : throw new AuditException($"{where}: '{path}' is a link out of {Path}; images must lie inside it.");
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
    public IFileTree Within(string folder) => new FolderTree(FullName(folder));

    /// <inheritdoc/>
    public string FullName(string path) => System.IO.Path.Combine(Path, path);

    /// <inheritdoc/>
    public IReadOnlyList<string> OnDisk(IEnumerable<string> paths) => [.. paths.Select(FullName)];

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private string[] Names(string folder, Func<string, IEnumerable<string>> list)
    {
        string full = FullName(folder);
        try
        {
            // Hidden files are left by file managers and are no data.
            return Directory.Exists(full)
                ? [.. list(full).Select(path => System.IO.Path.GetFileName(path)).Where(name => name[0] != '.').Order(StringComparer.Ordinal)]
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
