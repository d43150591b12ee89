using System.Security.Cryptography;
using System.Text;

namespace AuditKit.Data;

/// <summary>
/// Which data it was: SHA-256 of every file of a data set, and one digest over them all. It depends on contents and
/// names below the files' common folder, not on where that folder lies.
/// </summary>
/// <param name="Sha256">
/// SHA-256 (lower-case hex) of the canonical listing: a line <c>digest␠␠size␠␠name␊</c> (UTF-8) for every file, in
/// ordinal order of the names.
/// </param>
/// <param name="Files">The files in the listing's order.</param>
public sealed record DatasetFingerprint(string Sha256, IReadOnlyList<FileDigest> Files)
{
    /// <summary>Reads every file of a data set once.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="threads">Files read at the same time, at least 1.</param>
    /// <param name="cancellation">Stops between files.</param>
    /// <exception cref="AuditException">A file cannot be read.</exception>
    public static DatasetFingerprint Of(IDataset data, int threads, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        return Of(data.Name, data.Files, threads, cancellation);
    }

    /// <summary>Reads files once.</summary>
    /// <param name="data">What errors call the data.</param>
    /// <param name="files">The files.</param>
    /// <param name="threads">Files read at the same time, at least 1.</param>
    /// <param name="cancellation">Stops between files.</param>
    /// <exception cref="AuditException">A file cannot be read.</exception>
    internal static DatasetFingerprint Of(string data, IReadOnlyList<string> files, int threads, CancellationToken cancellation)
        => Of(files, Read(data, files, [.. Enumerable.Range(0, files.Count)], threads, cancellation));

    /// <summary>The fingerprint of files that were read already, wherever that was.</summary>
    /// <param name="files">The files.</param>
    /// <param name="contents">What each of them holds.</param>
    internal static DatasetFingerprint Of(IReadOnlyList<string> files, IReadOnlyList<FileContent> contents)
    {
        string[] paths = [.. files.Select(Path.GetFullPath)];
        string folder = CommonFolder(paths);
        FileDigest[] digests =
        [
            .. paths.Zip(contents, (path, content)
                => new FileDigest(Path.GetRelativePath(folder, path), content.Size, Convert.ToHexStringLower(content.Sha256.Span))),
        ];
        Array.Sort(digests, (a, b) => string.CompareOrdinal(a.Name, b.Name));
        string listing = string.Concat(digests.Select(file => $"{file.Sha256}  {file.Size}  {file.Name}\n"));
        return new DatasetFingerprint(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(listing))), digests);
    }

    /// <summary>Reads some files of a data set once.</summary>
    /// <param name="data">What errors call the data.</param>
    /// <param name="files">All files.</param>
    /// <param name="chosen">Which of them, by index.</param>
    /// <param name="threads">Files read at the same time, at least 1.</param>
    /// <param name="cancellation">Stops between files.</param>
    /// <returns>What each of the chosen ones holds.</returns>
    /// <exception cref="AuditException">A file cannot be read.</exception>
    internal static FileContent[] Read(string data, IReadOnlyList<string> files, int[] chosen, int threads, CancellationToken cancellation)
    {
        var contents = new FileContent[chosen.Length];
        try
        {
            ParallelLoop.Run(0, chosen.Length, threads, i =>
            {
                using FileStream file = RegularFile.Open(files[chosen[i]]);
                contents[i] = new FileContent(file.Length, SHA256.HashData(file));
            }, cancellation);
            return contents;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditException($"A file of {data} cannot be read: {e.Message}", ExitCode.Error, e);
        }
    }

    private static string CommonFolder(string[] paths)
    {
        string folder = Path.GetDirectoryName(paths[0])!;
        while (folder.Length > 1 && !paths.All(path => path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal)))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}
