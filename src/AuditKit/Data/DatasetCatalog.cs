namespace AuditKit.Data;

/// <summary>Opens the data that a spec asks for, and knows where well-known data sets lie.</summary>
public static class DatasetCatalog
{
    /// <summary>The environment variable that names the folder of the data sets.</summary>
    public const string FolderVariable = "AUDITKIT_DATA";

    // Debian's dataset-* packages.
    private const string SystemFolder = "/usr/share/datasets";

    private static readonly IReadOnlyList<DataFormat> AllFormats =
    [
        IdxDataset.Description,
        Cifar10Dataset.Description,
        Cifar100Dataset.Description,
        CifarCDataset.Cifar10C,
        CifarCDataset.Cifar100C,
        SvhnDataset.Description,
        WaterbirdsFormat.Description,
        CelebAFormat.Description,
        IsicFormat.Description,
        CaltechFormat.Description,
        ImageNetCFormat.Description,
        NpyDataset.Description,
        ParquetFormat.Description,
        HuggingFaceFormat.Description,
        CocoFormat.Description,
        MaiteFormat.Description,
        GtsrbFormat.Description,
        FolderDataset.Description,
        ManifestDataset.Description,
    ];

    private static readonly Dictionary<string, Known> KnownSets = new(StringComparer.Ordinal)
    {
        ["fashion-mnist"] = new(
            "Fashion-MNIST", "idx", ["fashion-mnist", "FashionMNIST/raw"],
            ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"],
            "put its four IDX files there (Debian's package dataset-fashion-mnist has them)"),
        ["mnist"] = new(
            "MNIST", "idx", ["mnist", "MNIST/raw"],
            ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
            "put its four IDX files there"),
        ["notmnist"] = new(
            "notMNIST", "idx", ["notmnist", "notMNIST"],
            ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J"],
            "put its IDX files there"),
        ["cifar-10"] = new(
            "CIFAR-10", "cifar-10", ["cifar-10", "cifar-10-batches-bin", "cifar-10/cifar-10-batches-bin"],
            [], "unpack the binary version (cifar-10-binary.tar.gz) there"),
        ["cifar-100"] = new(
            "CIFAR-100", "cifar-100", ["cifar-100", "cifar-100-binary", "cifar-100/cifar-100-binary"],
            [], "unpack the binary version (cifar-100-binary.tar.gz) there"),
        ["svhn"] = new("SVHN", "svhn", ["svhn", "SVHN"], [], "put train_32x32.mat and test_32x32.mat there"),
        ["waterbirds"] = new(
            "Waterbirds", "waterbirds", ["waterbirds", "waterbird_complete95_forest2water2", "waterbirds.tar"],
            [], "unpack waterbird_complete95_forest2water2 there"),
        ["celeba"] = new("CelebA", "celeba", ["celeba", "CelebA"], [], "put its two lists and img_align_celeba there"),
        ["pacs"] = new("PACS", "folder", ["pacs", "PACS", "pacs.tar"], [], "put a folder for each domain there, with a folder for each class"),
    };

    /// <summary>The data sets that a spec can ask for by name alone.</summary>
    public static IReadOnlyCollection<string> KnownNames => KnownSets.Keys;

    /// <summary>The formats that a spec can ask for with a path.</summary>
    public static IReadOnlyList<string> Formats { get; } = [.. AllFormats.Select(format => format.Name)];

    /// <summary>Opens the data, looking for known names in <c>$AUDITKIT_DATA</c> and where Debian puts them.</summary>
    /// <param name="spec">Which data.</param>
    /// <param name="onto">The classes that its labels are mapped onto; null to leave them, or for those that the spec names.</param>
    /// <exception cref="AuditException">The data is not there, or not what its format says.</exception>
    public static IDataset Open(DataSpec spec, IReadOnlyList<string>? onto = null)
        => Open(spec, onto, [.. new[] { Environment.GetEnvironmentVariable(FolderVariable), SystemFolder }.OfType<string>()
            .Where(folder => folder.Length > 0)]);

    /// <summary>Opens the data, looking for known names in the folders given.</summary>
    internal static IDataset Open(DataSpec spec, IReadOnlyList<string>? onto, IReadOnlyList<string> folders)
    {
        ArgumentNullException.ThrowIfNull(spec);
        // Without another set to be mapped onto, the classes that the spec names are those after the mapping.
        IReadOnlyList<string> named = spec.Classes;
        if (onto is null && spec.Map is not null)
        {
            onto = named.Count > 0
                ? named
                : throw new AuditException("data.map needs data.classes: the classes that the model has, in the order of its outputs.");
            named = [];
        }

        IDataset data = spec.Part is { } part ? part.Open()
            : spec.Path is null ? OpenKnown(spec, folders)
            : OpenAt(spec.Path, spec, spec.Name ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(spec.Path)), named);
        try
        {
            data = onto is null ? data : new MappedDataset(data, spec.Map ?? LabelMap.Identity, onto);
            data = spec.Portion is { } portion ? new PortionDataset(data, portion) : data;
            data = spec.Skip == 0 ? data : Without(data, spec.Skip);
            data = spec.Limit is { } limit ? new FirstImages(data, limit) : data;
            data = spec.SpuriousBackground is { } background ? new SpuriousBackgroundDataset(data, background) : data;
            data = spec.ShuffledLabels is { } seed ? new ShuffledLabelsDataset(data, seed) : data;
            return spec.Masks is { } masks ? new MaskedDataset(data, Locate("masks", masks, spec).Tree) : data;
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    /// <summary>What is at a path: its format, and the splits that it may be asked for (none where it has none).</summary>
    /// <param name="spec">Data at a path, its format named or not.</param>
    /// <exception cref="AuditException">Nothing is there, or nothing that is recognised.</exception>
    public static (string Format, IReadOnlyList<string> Splits) Describe(DataSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        using DataLocation location = DataLocation.Open(spec.Path!, spec.FollowsLinks);
        (DataLocation start, DataFormat format) = Find(location, spec, spec.Path!);
        return (format.Name, format.Splits.Count > 0 ? format.Splits : [.. format.FindSplits(start)]);
    }

    /// <summary>What reports call a known set, and its classes where the files do not name them.</summary>
    internal static (string Title, IReadOnlyList<string> Classes) Title(string known) => (KnownSets[known].Title, KnownSets[known].Classes);

    /// <summary>The format of a spec's data; null where it has to be recognised.</summary>
    internal static DataFormat? FormatOf(DataSpec spec)
    {
        string? name = spec.Path is null ? KnownSets[spec.Name!].Format : spec.Format;
        return name is null ? null : AllFormats.Single(format => format.Name == name);
    }

    private static ChosenImages Without(IDataset data, int first) => first < data.Count
        ? new ChosenImages(
            $"{data.Name} without its first {NumberText.Count(first, "image", "images")}", data, [.. Enumerable.Range(first, data.Count - first)])
        : throw new AuditException($"{data.Name} has {data.Count} images, so that data.skip: {first} leaves none.");

    private static IDataset OpenKnown(DataSpec spec, IReadOnlyList<string> roots)
    {
        Known known = KnownSets[spec.Name!];
        string[] candidates = [.. roots.SelectMany(root => known.Folders.Select(folder => Path.Combine(root, folder)))];
        string folder = candidates.FirstOrDefault(Path.Exists) ?? throw new AuditException(
            $"The data set {spec.Name} was found in none of {string.Join(", ", candidates)}. Set ${FolderVariable} to a folder with a "
                + $"sub-folder '{known.Folders[0]}' and {known.Remedy}, or give a 'path' in the spec.");
        return OpenAt(folder, spec, known.Title, known.Classes);
    }

    private static IDataset OpenAt(string path, DataSpec spec, string title, IReadOnlyList<string> classes)
    {
        DataLocation location = Locate("path", path, spec);
        try
        {
            (DataLocation start, DataFormat format) = Find(location, spec, path);
            spec.CheckAgainst(format);
            string? split = format.SplitOf(spec.Split);
            if (spec.Path is not null && KnownSets.TryGetValue(title, out Known? known) && format.Name == known.Format)
            {
                (title, classes) = (known.Title, classes.Count > 0 ? classes : known.Classes);
            }

            try
            {
                return format.Open(start, new DataRequest(split, split is null ? title : $"{title} ({split})", classes, spec.Target)
                {
                    Columns = spec.Columns ?? ListColumns.Usual,
                    CropsToRegion = spec.CropsToRegion,
                });
            }
            catch (AuditException e) when (e.ExitCode == ExitCode.Usage && spec.Split is { } asked
                && format.FindSplits(start).ToArray() is { Length: > 0 } there && !there.Contains(asked))
            {
                throw spec.Place.Error(["split"], spec.Place.Named("split") + e.Message);
            }
        }
        catch
        {
            location.Dispose();
            throw;
        }
    }

    private static DataLocation Locate(string key, string path, DataSpec spec)
    {
        spec.Place.RequirePath(key, path);
        return DataLocation.Open(path, spec.FollowsLinks);
    }

    private static (DataLocation Start, DataFormat Format) Find(DataLocation location, DataSpec spec, string path) => FormatOf(spec) is { } format
        ? (location.Starts().FirstOrDefault(format.Recognises) ?? location, format)
        : spec.Columns is null ? Recognise(location, path)
        // Columns say that there is a list, whatever they are called in it.
        : (from list in AllFormats.OrderBy(format => format.Rank)
           where list.ReadsColumns
           from start in location.Starts()
           where list.Recognises(start)
           select (start, list)).FirstOrDefault((location, ManifestDataset.Description));

    /// <summary>The one format that a location holds, and where in it the data begins.</summary>
    /// <exception cref="AuditException">None or several formats fit.</exception>
    internal static (DataLocation Start, DataFormat Format) Recognise(DataLocation location, string path)
    {
        // What looks like a general format may be a special one, here or in the only top folder.
        foreach (IGrouping<int, DataFormat> formats in AllFormats.GroupBy(format => format.Rank).OrderBy(formats => formats.Key))
        {
            foreach (DataLocation start in location.Starts())
            {
                switch (formats.Where(format => format.Recognises(start)).ToArray())
                {
                    case [var format]:
                        return (start, format);
                    case { Length: > 1 } fitting:
                        throw new AuditException($"{path}: could be {string.Join(" or ", fitting.Select(format => format.Name))}. Say which with 'format'.");
                }
            }
        }

        throw new AuditException(AllFormats.OrderBy(format => format.Rank)
            .SelectMany(format => location.Starts().Select(format.Explain)).FirstOrDefault(reason => reason is not null)
            ?? $"{path}: its format was not recognised. It may be {string.Join("; ", AllFormats.Select(format => $"{format.Name} ({format.Layout})"))}.");
    }

    /// <param name="Title">Its name in reports.</param>
    /// <param name="Format">How it is stored.</param>
    /// <param name="Folders">Where it lies below a data folder: our name, then the layouts of its usual downloads, or an archive.</param>
    /// <param name="Classes">Class names, where the files have none.</param>
    /// <param name="Remedy">What to do where it is missing.</param>
    private sealed record Known(string Title, string Format, string[] Folders, string[] Classes, string Remedy);
}
