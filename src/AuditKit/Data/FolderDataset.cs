using AuditKit.Imaging;

namespace AuditKit.Data;

/// <summary>
/// Image files in one folder a class: <c>root/class/image</c>, or <c>root/split/class/image</c>, as CINIC-10
/// has them, in a folder or in an archive. Classes and images are in ordinal order of their names.
/// </summary>
public sealed class FolderDataset : IDataset
{
    private readonly IFileTree _tree;
    private readonly string[] _paths;
    private readonly int[] _labels;

    private FolderDataset(string name, string format, IFileTree tree, string[] paths, int[] labels, IReadOnlyList<string> classes)
        => (Name, Format, _tree, _paths, _labels, Classes) = (name, format, tree, paths, labels, classes);

    internal static DataFormat Description { get; } = new()
    {
        Name = "folder",
        Layout = "a folder of images a class, in a folder a split or not",
        IsGeneral = true,
        Recognises = location => location.File is null && location.Tree.Files("").Count == 0 && location.Tree.Folders("") is [var first, ..]
            && (HasImages(location.Tree, first) || location.Tree.Folders(first) is [var inner, ..] && HasImages(location.Tree, $"{first}/{inner}")),
        FindSplits = location => Top(location.Tree, null) is var top && top.Folders("").All(folder => top.Folders(folder).Count > 0) ? top.Folders("") : [],
        Open = (location, request) => Open(Top(location.Tree, request.Split), request.Split, request.Name, request.Classes, FolderLayout.Plain),
    };

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Format { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Files => _tree.OnDisk(_paths);

    /// <inheritdoc/>
    public int Count => _paths.Length;

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Attributes => [];

    /// <summary>Lists a folder; no image is read.</summary>
    /// <param name="folder">The folder (or archive) of the class folders, or of the splits.</param>
    /// <param name="split">The sub-folder of the split; null where there are no splits.</param>
    /// <param name="name">What reports call the data.</param>
    /// <param name="classes">The class folders in the order of the model's classes; where empty, all in ordinal order.</param>
    /// <exception cref="AuditException">A folder is missing, a class has no image, or a file is no image or leads out of the folder.</exception>
    public static FolderDataset Open(string folder, string? split, string name, IReadOnlyList<string> classes)
        => Open(DataLocation.Open(folder).Tree, split, name, classes, FolderLayout.Plain);

    /// <summary>Lists the class folders of a tree by the rules of a layout.</summary>
    internal static FolderDataset Open(IFileTree tree, string? split, string name, IReadOnlyList<string> classes, FolderLayout layout)
    {
        IFileTree root = split is null ? tree : tree.Within(split);
        (string Folder, string Class)[] found = [.. root.Folders("").Select(folder => (folder, layout.ClassOf(folder)))
            .Where(entry => entry.Item2 is not null)!];
        CheckClasses(root.Path, [.. found.Select(entry => entry.Class)], classes);
        classes = classes.Count == 0 ? [.. found.Select(entry => entry.Class)] : classes;
        var paths = new List<string>();
        var labels = new List<int>();
        for (int label = 0; label < classes.Count; label++)
        {
            string folder = found.Single(entry => entry.Class == classes[label]).Folder;
            foreach (string image in Images(root, folder, layout))
            {
                paths.Add(image);
                labels.Add(label);
            }
        }

        return new FolderDataset(name, layout.Format, root, [.. paths], [.. labels], classes);
    }

    /// <inheritdoc/>
    public int Label(int index) => _labels[index];

    /// <inheritdoc/>
    public string Attribute(string name, int index)
        => throw new ArgumentException($"A folder of images has no attribute '{name}'.", nameof(name));

    /// <inheritdoc/>
    public string Source(int index) => _paths[index];

    /// <inheritdoc/>
    public int Frames(int index) => _tree.Frames(_paths[index]);

    /// <inheritdoc/>
    public Image Load(int index) => _tree.LoadImage(_paths[index]);

    /// <inheritdoc/>
    public void Dispose() => _tree.Dispose();

    // An archive's only top folder is neither a class nor a split, unless it is named as one.
    private static IFileTree Top(IFileTree tree, string? split)
        => tree.Folders("") is [var only] && only != split && tree.Folders(only).Count > 0 ? tree.Within(only) : tree;

    private static bool HasImages(IFileTree tree, string folder) => tree.Files(folder).Any(ImageFile.HasImageName);

    private static IEnumerable<string> Images(IFileTree root, string folder, FolderLayout layout)
    {
        string full = root.FullName(folder);
        if (!layout.SkipsOthers && root.Folders(folder) is [var nested, ..])
        {
            throw new AuditException($"{full}/{nested}: a folder inside the class folder '{folder}'; if '{folder}' is a split, name it as data.split.");
        }

        string[] images = [.. root.Files(folder).Where(file => !layout.SkipsOthers || ImageFile.HasImageName(file))];
        if (images.Length == 0)
        {
            throw new AuditException($"{full}: the class has no image.");
        }

        foreach (string file in images)
        {
            yield return ImageFile.HasImageName(file)
                ? root.Resolve($"{folder}/{file}", root.Path)
                : throw new AuditException($"{full}/{file}: not an image file by its name ({ImageFile.Extensions}); convert it or move it away.");
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
}
