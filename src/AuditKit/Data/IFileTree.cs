using AuditKit.Imaging;

namespace AuditKit.Data;

/// <summary>
/// Where the files of a data set are: a folder, or an archive that is read in place. Paths are relative, with '/'
/// between names; "" is the top. They come from strangers (manifests, archives, links): whatever they point at lies
/// inside. Safe to read from several threads.
/// </summary>
internal interface IFileTree : IDisposable
{
    /// <summary>The full path of the folder or the archive.</summary>
    string Path { get; }

    /// <summary>The names of the folders in a folder, in ordinal order, hidden ones left out; empty where there is no such folder.</summary>
    IReadOnlyList<string> Folders(string folder);

    /// <summary>The names of the files in a folder, in ordinal order, hidden ones left out; empty where there is no such folder.</summary>
    IReadOnlyList<string> Files(string folder);

    /// <summary>How many hidden files a folder has, which <see cref="Files"/> leaves out.</summary>
    int Hidden(string folder);

    /// <summary>What a reader should know of the files that were resolved: links that were followed; empty for most.</summary>
    IReadOnlyList<Fact> Facts => [];

    /// <summary>Whether there is such a file.</summary>
    bool Contains(string path);

    /// <summary>The path of an existing file, written in one way only.</summary>
    /// <param name="path">A path that a data set names.</param>
    /// <param name="where">What errors begin with: the manifest's line, or the folder.</param>
    /// <exception cref="AuditException">There is no such file, or it leads out of the tree.</exception>
    string Resolve(string path, string where);

    /// <summary>Reads a whole file.</summary>
    /// <param name="path">Its path, as <see cref="Resolve"/> gave it.</param>
    /// <param name="limit">The most bytes it may have; a file that claims more is refused before anything is allocated.</param>
    /// <exception cref="AuditException">The file is over the limit, damaged, or cannot be read any more (<see cref="ExitCode.Error"/>).</exception>
    byte[] Read(string path, long limit);

    /// <summary>Opens a file for reading at any place.</summary>
    /// <exception cref="AuditException">There is no such file, or it cannot be read.</exception>
    FilePart Open(string path);

    /// <summary>A folder of this tree as a tree of its own; disposing either is enough.</summary>
    /// <exception cref="AuditException">There is no such folder.</exception>
    IFileTree Within(string folder);

    /// <summary>What errors call a file.</summary>
    string FullName(string path);

    /// <summary>The files on disk that hold the files named: themselves, or their archive.</summary>
    IReadOnlyList<string> OnDisk(IEnumerable<string> paths);

    /// <summary>Reads an image, upright, grey (C = 1) or RGB (C = 3).</summary>
    /// <exception cref="AuditException">The file is no image file, truncated, corrupt, or over the limits.</exception>
    Image LoadImage(string path) => ImageFile.Decode(Read(path, ImageFile.MaxFileSize), FullName(path));

    /// <summary>How many frames or pages an image file has; 1 where it cannot be read.</summary>
    int Frames(string path)
    {
        try
        {
            return ImageFile.Frames(Read(path, ImageFile.MaxFileSize), FullName(path));
        }
        catch (AuditException)
        {
            return 1;
        }
    }
}
