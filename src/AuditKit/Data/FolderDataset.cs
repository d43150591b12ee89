using AuditKit.Imaging;
using AuditKit.Yaml;

namespace AuditKit.Data;

/// <summary>
/// Image files in one folder a class: <c>root/class/image</c>, or <c>root/split/class/image</c>, as CINIC-10
/// has them, in a folder or in an archive. Classes named by whole numbers are in the order of these, others and all images in
/// ordinal order of their names.
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
        Rank = 2,
        Recognises = location => location.File is null && !HasImages(location.Tree, "") && !HasList(location.Tree)
            && (location.Tree.Folders("").Any(folder => HasImages(location.Tree, folder)) || location.Tree.Folders("") is [var first, ..]
                && location.Tree.Folders(first).Any(inner => HasImages(location.Tree, $"{first}/{inner}"))),
        Explain = Explain,
        FindSplits = location => Splits(Top(location.Tree, null)),
        Open = (location, request) =>
        {
            IFileTree top = Top(location.Tree, request.Split);
            RequireSplit(top, request.Split);
            return Open(top, request.Split, request.Name, request.Classes, FolderLayout.Plain);
        },
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

    /// <inheritdoc/>
    public IReadOnlyList<Fact> Facts { get; private init; } = [];

    /// <summary>Lists a folder; no image is read.</summary>
    /// <param name="folder">The folder (or archive) of the class folders, or of the splits.</param>
    /// <param name="split">The sub-folder of the split; null where there are no splits.</param>
    /// <param name="name">What reports call the data.</param>
    /// <param name="classes">The class folders in the order of the model's classes; where empty, all,
    /// whole numbers by value, else in ordinal order. A class may be without a folder.</param>
    /// <exception cref="AuditException">A folder is missing, no class has an image, or a file is no image or leads out of the folder.</exception>
    public static FolderDataset Open(string folder, string? split, string name, IReadOnlyList<string> classes)
        => Open(DataLocation.Open(folder).Tree, split, name, classes, FolderLayout.Plain);

    /// <summary>Lists the class folders of a tree by the rules of a layout.</summary>
    internal static FolderDataset Open(IFileTree tree, string? split, string name, IReadOnlyList<string> classes, FolderLayout layout)
    {
        IFileTree root = split is null ? tree : tree.Within(split);
        var stray = new List<string>();
        int hidden = root.Hidden("");
        foreach (string file in root.Files(""))
        {
            if (ImageFile.HasImageName(file) && !layout.SkipsOthers)
            {
                throw new AuditException($"{root.FullName(file)}: an image beside the class folders; move it into the folder of its class.");
            }

            stray.Add(file);
        }

        Dictionary<string, string> folders = Folders(root, layout);
        classes = ClassesOf(root, folders.Keys, classes);
        var paths = new List<string>();
        var labels = new List<int>();
        foreach ((int label, string folder) in classes.Index().Where(entry => folders.ContainsKey(entry.Item))
            .Select(entry => (entry.Index, folders[entry.Item])))
        {
            hidden += root.Hidden(folder);
            foreach (string image in Images(root, folder, layout, stray))
            {
                paths.Add(image);
                labels.Add(label);
            }
        }

        return paths.Count > 0
            ? new FolderDataset(name, layout.Format, root, [.. paths], [.. labels], classes) { Facts = [.. StrayFile.LeftOut(stray, hidden), .. root.Facts] }
            : throw new AuditException($"{root.Path}: none of its class folders ({WordList.First(folders.Keys)}) has an image.");
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
    public byte[] Content(int index) => _tree.Read(_paths[index], ImageFile.MaxFileSize);

    /// <inheritdoc/>
    public Image Load(int index) => _tree.LoadImage(_paths[index]);

    /// <inheritdoc/>
    public void Dispose() => _tree.Dispose();

    // An archive's only top folder is neither a class nor a split, unless it is named as one.
    private static IFileTree Top(IFileTree tree, string? split)
        => tree.Folders("") is [var only] && only != split && tree.Folders(only).Count > 0 ? tree.Within(only) : tree;

    // Folders that all have folders in them are no classes.
    private static IReadOnlyList<string> Splits(IFileTree top) => top.Folders("").All(folder => top.Folders(folder).Count > 0) ? top.Folders("") : [];

    private static void RequireSplit(IFileTree top, string? split)
    {
        if (split is not null && top.Folders(split).Count == 0 && top.Files(split).Count == 0 && Splits(top) is { Count: > 0 } there)
        {
            throw new AuditException(DataFormat.NoSplit(split, there));
        }
    }

    // One folder beside a table is no class, but what the table lists.
    private static bool HasList(IFileTree tree)
        => tree.Folders("").Count == 1 && tree.Files("").Any(file => ListTable.Peek(tree, file).Length > 1);

    private static bool HasImages(IFileTree tree, string folder) => tree.Files(folder).Any(ImageFile.HasImageName);

    private static Dictionary<string, string> Folders(IFileTree root, FolderLayout layout)
    {
        var folders = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string folder in root.Folders(""))
        {
            if (layout.ClassOf(folder) is { } name && !folders.TryAdd(name, folder))
            {
                throw new AuditException($"{root.FullName(folder)}: the class '{name}' has another folder, too: {folders[name]}.");
            }
        }

        return folders.Count > 0 ? folders : throw new AuditException($"{root.Path}: has no class folders.");
    }

    // Without names from the spec: those of the folders, empty ones too. With them: a class may be without a folder, a folder not without a class.
    private static IReadOnlyList<string> ClassesOf(IFileTree root, IReadOnlyCollection<string> found, IReadOnlyList<string> named)
        => named.Count == 0 ? ClassOrder.Of(found)
            : found.FirstOrDefault(name => !named.Contains(name)) is { } unknown ? throw new AuditException(
                $"{root.Path}: the folder '{unknown}' is none of data.classes.{Spelling.Nearest(unknown, named)} Add it to data.classes in the order "
                    + "of the model's outputs, or leave it out by data.map and 'unmapped: drop'.")
            : named;

    private static IEnumerable<string> Images(IFileTree root, string folder, FolderLayout layout, List<string> stray)
    {
        string full = root.FullName(folder);
        if (!layout.SkipsOthers && root.Folders(folder) is [var nested, ..])
        {
            throw new AuditException($"{full}/{nested}: a folder inside the class folder '{folder}'; if '{folder}' is a split, name it as data.split.");
        }

        foreach (string file in root.Files(folder))
        {
            if (ImageFile.HasImageName(file))
            {
                yield return root.Resolve($"{folder}/{file}", root.Path);
            }
            else if (layout.SkipsOthers || StrayFile.Is(file))
            {
                stray.Add(file);
            }
            else
            {
                throw new AuditException($"{full}/{file}: not an image file by its name ({ImageFile.Extensions}); convert it or move it away.");
            }
        }
    }

    // Why a folder that has images is none of this format.
    private static string? Explain(DataLocation location)
    {
        if (location.File is not null)
        {
            return null;
        }

        IFileTree tree = location.Tree;
        string[] loose = [.. tree.Files("").Where(ImageFile.HasImageName)];
        return loose.Length > 0 && tree.Folders("").Count > 0
            ? $"{tree.Path}: has images ({WordList.First(loose)}) beside its folders ({WordList.First(tree.Folders(""))}); move each into "
                + "the folder of its class."
            : loose.Length > 0
            ? $"{tree.Path}: has {NumberText.Count(loose.Length, "image", "images")}, but nothing says their classes. Put each into a folder of its class "
                + "(cat/1.png), or beside them a list.csv with the columns path and label."
            : tree.Folders("").Count == 0 && tree.Files("").Count == 0 ? $"{tree.Path}: is empty; expected class/image, or a list of images."
            : null;
    }
}
