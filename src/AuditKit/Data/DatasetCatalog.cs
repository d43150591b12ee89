namespace AuditKit.Data;

/// <summary>Opens the data that a spec asks for, and knows where well-known data sets lie.</summary>
public static class DatasetCatalog
{
    /// <summary>The environment variable that names the folder of the data sets.</summary>
    public const string FolderVariable = "AUDITKIT_DATA";

    // Debian's dataset-* packages.
    private const string SystemFolder = "/usr/share/datasets";

    private static readonly Dictionary<string, Known> KnownSets = new(StringComparer.Ordinal)
    {
        ["fashion-mnist"] = new(
            "Fashion-MNIST", "idx", ["fashion-mnist", "FashionMNIST/raw"],
            ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"],
            "install Debian's package dataset-fashion-mnist"),
        ["mnist"] = new(
            "MNIST", "idx", ["mnist", "MNIST/raw"],
            ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
            "put its four IDX files there"),
        ["cifar-10"] = new(
            "CIFAR-10", "cifar-10", ["cifar-10", "cifar-10-batches-bin", "cifar-10/cifar-10-batches-bin"],
            [], "unpack the binary version (cifar-10-binary.tar.gz) there"),
    };

    /// <summary>The data sets that a spec can ask for by name alone.</summary>
    public static IReadOnlyCollection<string> KnownNames => KnownSets.Keys;

    /// <summary>The formats that a spec can ask for with a path.</summary>
    public static IReadOnlyList<string> Formats { get; } = ["idx", "cifar-10", "folder", "manifest"];

    /// <summary>Opens the data, looking for known names in <c>$AUDITKIT_DATA</c> and where Debian puts them.</summary>
    /// <exception cref="AuditException">The data is not there, or not what its format says.</exception>
    public static IDataset Open(DataSpec spec)
        => Open(spec, [.. new[] { Environment.GetEnvironmentVariable(FolderVariable), SystemFolder }.OfType<string>().Where(folder => folder.Length > 0)]);

    /// <summary>Opens the data, looking for known names in the folders given.</summary>
    internal static IDataset Open(DataSpec spec, IReadOnlyList<string> folders)
    {
        ArgumentNullException.ThrowIfNull(spec);
        IDataset data = spec.Path is null ? OpenKnown(spec, folders) : OpenPath(spec, spec.Path);
        return spec.Limit is { } limit ? new FirstImages(data, limit) : data;
    }

    private static IDataset OpenKnown(DataSpec spec, IReadOnlyList<string> roots)
    {
        Known known = KnownSets[spec.Name!];
        string[] candidates = [.. roots.SelectMany(root => known.Folders.Select(folder => Path.Combine(root, folder)))];
        string folder = candidates.FirstOrDefault(Directory.Exists) ?? throw new AuditException(
            $"The data set {spec.Name} was found in none of {string.Join(", ", candidates)}. Set ${FolderVariable} to a folder with a sub-folder '{known.Folders[0]}' and {known.Remedy}, or give 'format' and 'path' in the spec.");
        return OpenFormat(known.Format, folder, spec.Split, $"{known.Title} ({spec.Split})", known.Classes);
    }

    private static IDataset OpenPath(DataSpec spec, string path)
    {
        string title = spec.Name ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(path));
        return OpenFormat(spec.Format!, path, spec.Split, spec.Split is null ? title : $"{title} ({spec.Split})", spec.Classes);
    }

    private static IDataset OpenFormat(string format, string path, string? split, string name, IReadOnlyList<string> classes) => format switch
    {
        "idx" => IdxDataset.Open(path, split!, name, classes),
        "cifar-10" => Cifar10Dataset.Open(path, split!, name),
        "folder" => FolderDataset.Open(path, split, name, classes),
        _ => ManifestDataset.Open(path, split, name, classes),
    };

    /// <param name="Title">Its name in reports.</param>
    /// <param name="Format">How it is stored.</param>
    /// <param name="Folders">Where it lies below a data folder: our name, then the layouts of its usual downloads.</param>
    /// <param name="Classes">Class names, where the files have none.</param>
    /// <param name="Remedy">What to do where it is missing.</param>
    private sealed record Known(string Title, string Format, string[] Folders, string[] Classes, string Remedy);
}
