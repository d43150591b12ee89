using AuditKit.Imaging;

namespace AuditKit.Data;

/// <summary>
/// CIFAR-10-C and CIFAR-100-C (Hendrycks and Dietterich 2019): an .npy file a corruption, whose images are the test set
/// five times over, at severity 1, then 2 …, and <c>labels.npy</c>. A corruption with a severity is a split:
/// <c>gaussian_noise/3</c>.
/// </summary>
public sealed class CifarCDataset : IDataset
{
    private const int Severities = 5;
    private const string LabelFile = "labels.npy";

    // Which files there are tells the format: every release has these.
    private const string Witness = "gaussian_noise.npy", OtherWitness = "fog.npy";

    private readonly NpyImages _images;
    private readonly int[] _labels;
    private readonly string _split;
    private readonly int _first;

    private CifarCDataset(string format, string name, IReadOnlyList<string> files, NpyImages images, int[] labels, string split, int first, string[] classes)
        => (Format, Name, Files, _images, _labels, _split, _first, Classes) = (format, name, files, images, labels, split, first, classes);

    internal static DataFormat Cifar10C { get; } = Description("cifar-10-c", CifarClasses.Cifar10);

    internal static DataFormat Cifar100C { get; } = Description("cifar-100-c", CifarClasses.Cifar100);

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Format { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Files { get; }

    /// <inheritdoc/>
    public int Count => _images.Count / Severities;

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Attributes => [];

    /// <inheritdoc/>
    public int Label(int index) => _labels[_first + index];

    /// <inheritdoc/>
    public string Attribute(string name, int index)
        => throw new ArgumentException($"{Format} data has no attribute '{name}'.", nameof(name));

    /// <inheritdoc/>
    public string Source(int index) => $"{_split}#{index}";

    /// <inheritdoc/>
    public Image Load(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        return _images.Load(_first + index);
    }

    /// <inheritdoc/>
    public void Dispose() => _images.Dispose();

    private static DataFormat Description(string format, string[] classes) => new()
    {
        Name = format,
        Layout = $"labels.npy (0 to {classes.Length - 1}), gaussian_noise.npy, fog.npy …",
        FixedClasses = true,
        Recognises = location => location.File is null
            && location.Tree.Contains(LabelFile) && (location.Tree.Contains(Witness) || location.Tree.Contains(OtherWitness))
            && ReadLabels(location.Tree).Max() is var largest && (largest < CifarClasses.Cifar10.Length) == (classes.Length == CifarClasses.Cifar10.Length),
        FindSplits = location => Corruptions(location.Tree)
            .SelectMany(corruption => Enumerable.Range(1, Severities).Select(severity => $"{corruption}/{severity}")),
        Open = DataFormat.Closing((tree, request) => Open(format, classes, tree, request.Split, request.Name)),
    };

    private static int[] ReadLabels(IFileTree tree) => NpyImages.ReadLabels(tree, LabelFile, CifarClasses.Cifar100.Length - 1);

    private static IEnumerable<string> Corruptions(IFileTree tree)
        => tree.Files("").Where(file => file.EndsWith(".npy", StringComparison.Ordinal) && file != LabelFile).Select(file => file[..^4]);

    private static CifarCDataset Open(string format, string[] classes, IFileTree tree, string? split, string name)
    {
        string[] corruptions = [.. Corruptions(tree)];
        if (split?.Split('/') is not [var corruption, [>= '1' and <= '5' and var severity]] || !corruptions.Contains(corruption))
        {
            throw new AuditException(
                $"{tree.Path}: name a corruption and a severity from 1 to {Severities} as data.split, such as "
                    + $"{corruptions.FirstOrDefault("fog")}/3{(split is null ? "" : $"; there is no '{split}'")}. Corruptions: "
                    + $"{string.Join(", ", corruptions)}.");
        }

        string file = $"{corruption}.npy";
        int[] labels = NpyImages.ReadLabels(tree, LabelFile, classes.Length - 1);
        NpyImages images = NpyImages.Open(tree, file);
        if (images.Count != labels.Length || images.Count % Severities != 0)
        {
            images.Dispose();
            throw new AuditException(
                $"{tree.FullName(file)} has {images.Count} images and {LabelFile} {labels.Length} labels; both need the same number, a "
                    + $"multiple of {Severities}.");
        }

        int first = (severity - '1') * (images.Count / Severities);
        return new CifarCDataset(format, name, tree.OnDisk([file, LabelFile]), images, labels, split, first, classes);
    }
}
