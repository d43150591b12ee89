using AuditKit.Imaging;

namespace AuditKit.Data;

/// <summary>
/// JPEG and PNG files in one folder a class: <c>root/class/image</c>, or <c>root/split/class/image</c>. Classes and
/// images are in ordinal order of their names.
/// </summary>
public sealed class FolderDataset : IDataset
{
    private readonly string _root;
    private readonly string[] _files;
    private readonly int[] _labels;

    private FolderDataset(string name, string root, string[] files, int[] labels, IReadOnlyList<string> classes)
        => (Name, _root, _files, _labels, Classes) = (name, root, files, labels, classes);

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Format => "folder";

    /// <inheritdoc/>
    public IReadOnlyList<string> Files => _files;

    /// <inheritdoc/>
    public int Count => _files.Length;

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Attributes => [];

    /// <summary>Lists a folder; no image is read.</summary>
    /// <param name="folder">The folder of the class folders, or of the splits.</param>
    /// <param name="split">The sub-folder of the split; null where there are no splits.</param>
    /// <param name="name">What reports call the data.</param>
    /// <param name="classes">The class folders in the order of the model's classes; where empty, all in ordinal order.</param>
    /// <exception cref="AuditException">A folder is missing, a class has no image, or a file is no image or leads out of the folder.</exception>
    public static FolderDataset Open(string folder, string? split, string name, IReadOnlyList<string> classes)
    {
        string path = split is null ? folder : Path.Combine(folder, split);
        if (!Directory.Exists(path))
        {
            throw new AuditException($"{path}: there is no such folder.");
        }

        try
        {
            var root = new DataRoot(path);
            string[] found = Names(Directory.EnumerateDirectories(root.Folder));
            CheckClasses(root.Folder, found, classes);
            classes = classes.Count == 0 ? found : classes;
            var files = new List<string>();
            var labels = new List<int>();
            for (int label = 0; label < classes.Count; label++)
            {
                foreach (string image in Images(root, classes[label]))
                {
                    files.Add(image);
                    labels.Add(label);
                }
            }

            return new FolderDataset(name, root.Folder, [.. files], [.. labels], classes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditException($"{path}: cannot be read: {e.Message}", ExitCode.Usage, e);
        }
    }

    /// <inheritdoc/>
    public int Label(int index) => _labels[index];

    /// <inheritdoc/>
    public string Attribute(string name, int index)
        => throw new ArgumentException($"A folder of images has no attribute '{name}'.", nameof(name));

    /// <inheritdoc/>
    public string Source(int index) => Path.GetRelativePath(_root, _files[index]);

    /// <inheritdoc/>
    public Image Load(int index) => ImageFile.Read(_files[index]);

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private static IEnumerable<string> Images(DataRoot root, string className)
    {
        string folder = Path.Combine(root.Folder, className);
        if (Directory.EnumerateDirectories(folder).FirstOrDefault() is { } nested)
        {
            throw new AuditException($"{nested}: a folder inside the class folder '{className}'; if '{className}' is a split, name it as data.split.");
        }

        string[] files = Names(Directory.EnumerateFiles(folder));
        if (files.Length == 0)
        {
            throw new AuditException($"{folder}: the class has no image.");
        }

        foreach (string file in files)
        {
            yield return Path.GetExtension(file).ToLowerInvariant() is ".jpg" or ".jpeg" or ".png"
                ? root.Resolve(Path.Combine(className, file), root.Folder)
                : throw new AuditException($"{Path.Combine(folder, file)}: not a .jpg, .jpeg or .png file; convert it or move it away.");
        }
    }

    private static void CheckClasses(string folder, string[] found, IReadOnlyList<string> classes)
    {
        if (found.Length == 0)
        {
            throw new AuditException($"{folder}: has no class folders.");
        }

        if (classes.Count > 0 && classes.FirstOrDefault(name => !found.Contains(name)) is { } missing)
        {
            throw new AuditException($"{folder}: has no folder for the class '{missing}'; it has {string.Join(", ", found)}.");
        }

        if (classes.Count > 0 && found.FirstOrDefault(name => !classes.Contains(name)) is { } unknown)
        {
            throw new AuditException($"{folder}: the folder '{unknown}' is none of data.classes.");
        }
    }

    // Hidden files are the file manager's, not the data's.
    private static string[] Names(IEnumerable<string> paths)
        => [.. paths.Select(path => Path.GetFileName(path)).Where(name => name[0] != '.').Order(StringComparer.Ordinal)];
}
