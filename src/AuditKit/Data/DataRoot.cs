using System.Runtime.InteropServices;

namespace AuditKit.Data;

/// <summary>
/// The folder that a data set lives in. Paths from a manifest and links in a folder come from strangers: whatever
/// they point at must lie inside.
/// </summary>
internal sealed partial class DataRoot
{
    private readonly string _real;

    /// <summary>An existing folder, which may itself be reached through links.</summary>
    public DataRoot(string folder)
    {
        Folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        _real = RealPath(Folder) ?? throw new AuditException($"{Folder}: there is no such folder.");
    }

    /// <summary>The folder's full path.</summary>
    public string Folder { get; }

    /// <summary>The full path of an existing file in the folder.</summary>
    /// <param name="path">A path below the folder.</param>
    /// <param name="where">What errors begin with: the manifest's line, or the folder.</param>
    /// <exception cref="AuditException">The file does not exist, or it or a folder on the way leads out of the folder.</exception>
    public string Resolve(string path, string where)
    {
        string full = Path.GetFullPath(Path.Combine(Folder, path));
        if (!IsInside(full, Folder))
        {
            throw new AuditException($"{where}: '{path}' leads out of {Folder}; images must lie inside it.");
        }

        return RealPath(full) is not { } real || !File.Exists(real)
            ? throw new AuditException($"{where}: there is no file '{path}' in {Folder}.")
            : IsInside(real, _real) ? full
            : throw new AuditException($"{where}: '{path}' is a link out of {Folder}; images must lie inside it.");
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
