using AuditKit.Imaging;

namespace AuditKit.Data;

/// <summary>
/// An array of images beside an array of labels: two .npy files in a folder or an archive, or in an .npz. The names are
/// <c>images</c> and <c>labels</c>, <c>x</c> and <c>y</c>, or <c>data</c> and <c>labels</c>; a split stands before or
/// behind (<c>test_images</c>, <c>x_test</c>).
/// </summary>
public sealed class NpyDataset : IDataset
{
    private const int MaxClasses = 100_000;

    private static readonly (string Images, string Labels)[] Pairs = [("images", "labels"), ("x", "y"), ("data", "labels")];

    private readonly NpyImages _images;
    private readonly int[] _labels;

    private NpyDataset(string name, IReadOnlyList<string> files, NpyImages images, int[] labels, IReadOnlyList<string> classes)
        => (Name, Files, _images, _labels, Classes) = (name, files, images, labels, classes);

    internal static DataFormat Description { get; } = new()
    {
        Name = "npy",
        Layout = "images.npy and labels.npy (or x and y, with a split before or behind), or an .npz of them",
        Rank = 1,
        Recognises = location => location.File is null && Splits(location.Tree).Any(),
        FindSplits = location => Splits(location.Tree).Select(pair => pair.Split).Where(split => split.Length > 0),
        Open = DataFormat.Closing((tree, request) => Open(tree, request.Split, request.Name, request.Classes)),
    };

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Format => Description.Name;

    /// <inheritdoc/>
    public IReadOnlyList<string> Files { get; }

    /// <inheritdoc/>
    public int Count => _labels.Length;

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Attributes => [];

    /// <summary>Opens a pair of arrays.</summary>
    /// <param name="path">The folder, the archive or the .npz file.</param>
    /// <param name="split">The split; null where the names have none.</param>
    /// <param name="name">What reports call the data.</param>
    /// <param name="classes">Class names; where empty, the classes are 0 to the largest label.</param>
    /// <exception cref="AuditException">There is no such pair, it is no pair of images and labels, or a label has no class.</exception>
    public static NpyDataset Open(string path, string? split, string name, IReadOnlyList<string> classes)
    {
        using DataLocation location = DataLocation.Open(path);
        return Open(location.Tree, split, name, classes);
    }

    /// <inheritdoc/>
    public int Label(int index) => _labels[index];

    /// <inheritdoc/>
    public string Attribute(string name, int index)
        => throw new ArgumentException($"Arrays of images have no attribute '{name}'.", nameof(name));

    /// <inheritdoc/>
    public string Source(int index) => $"#{index}";

    /// <inheritdoc/>
    public Image Load(int index) => _images.Load(index);

    /// <inheritdoc/>
    public void Dispose() => _images.Dispose();

    private static NpyDataset Open(IFileTree tree, string? split, string name, IReadOnlyList<string> classes)
    {
        (string Split, string Images, string Labels)[] pairs = [.. Splits(tree)];
        (string _, string imagesFile, string labelsFile) = pairs.FirstOrDefault(pair => pair.Split == (split ?? ""));
        if (imagesFile is null)
        {
            string known = pairs.Length == 0
                ? "it needs images.npy and labels.npy, or x and y"
                : $"it has the splits {string.Join(", ", pairs.Select(pair => pair.Split.Length == 0 ? "(none)" : pair.Split))}: name one as data.split";
            throw new AuditException($"{tree.Path}: has no pair of images and labels{(split is null ? "" : $" of split '{split}'")}; {known}.");
        }

        int[] labels = NpyImages.ReadLabels(tree, labelsFile, (classes.Count > 0 ? classes.Count : MaxClasses) - 1);
        NpyImages images = NpyImages.Open(tree, imagesFile);
        if (images.Count != labels.Length)
        {
            images.Dispose();
            throw new AuditException(
                $"{tree.FullName(imagesFile)} has {images.Count} images, but {tree.FullName(labelsFile)} has {labels.Length} labels; they do "
                    + "not belong together.");
        }

        classes = classes.Count > 0 ? classes : [.. Enumerable.Range(0, labels.Max() + 1).Select(label => label.ToString())];
        return new NpyDataset(name, tree.OnDisk([imagesFile, labelsFile]), images, labels, classes);
    }

    /// <summary>The pairs that the names of the files tell, by split ("" for none).</summary>
    private static IEnumerable<(string Split, string Images, string Labels)> Splits(IFileTree tree)
        => from file in tree.Files("")
           where file.EndsWith(".npy", StringComparison.Ordinal)
           let words = file[..^4].Split('_')
           from pair in Pairs
           let place = Array.FindIndex(words, word => word.Equals(pair.Images, StringComparison.OrdinalIgnoreCase))
           where place >= 0 && words.Length <= 2
           let labels = tree.Files("").FirstOrDefault(other => other.Equals(
               string.Join('_', words.Select((word, i) => i == place ? pair.Labels : word)) + ".npy", StringComparison.OrdinalIgnoreCase))
           where labels is not null
           select (words.Length == 1 ? "" : words[1 - place], file, labels);
}
