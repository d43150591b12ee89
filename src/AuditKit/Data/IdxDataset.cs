using AuditKit.Imaging;

namespace AuditKit.Data;

/// <summary>
/// Grey images of the MNIST family: <c>train-</c> or <c>t10k-</c> followed by <c>images-idx3-ubyte</c> and
/// <c>labels-idx1-ubyte</c>, gzipped or not.
/// </summary>
public sealed class IdxDataset : IDataset
{
    private readonly RecordFile _images;
    private readonly int _height;
    private readonly int _width;
    private readonly byte[] _labels;

    private IdxDataset(string name, string[] files, RecordFile images, int[] shape, byte[] labels, IReadOnlyList<string> classes)
    {
        (Name, Files, _images, _labels, Classes) = (name, files, images, labels, classes);
        (_height, _width) = (shape[0], shape[1]);
    }

    internal static DataFormat Description { get; } = new()
    {
        Name = "idx",
        Layout = "train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-…, gzipped or not, in a folder",
        Splits = ["train", "test"],
        DefaultSplit = "test",
        Recognises = location => location is { File: null, Tree: FolderTree } && location.Tree.Files("")
            .Any(file => file.Contains("images-idx3-ubyte", StringComparison.Ordinal)),
        Open = (location, request) => Open(location.Tree.Path, request.Split!, request.Name, request.Classes),
    };

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Format => Description.Name;

    /// <inheritdoc/>
    public IReadOnlyList<string> Files { get; }

    /// <inheritdoc/>
    public int Count => _images.Count;

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Attributes => [];

    /// <summary>Opens one split.</summary>
    /// <param name="folder">The folder of the four files.</param>
    /// <param name="split"><c>train</c> or <c>test</c>.</param>
    /// <param name="name">What reports call the data.</param>
    /// <param name="classes">Class names; where empty, the classes are 0 to the largest label.</param>
    /// <exception cref="AuditException">A file is missing, truncated or of another format, the counts differ, or a label has no class.</exception>
    public static IdxDataset Open(string folder, string split, string name, IReadOnlyList<string> classes)
    {
        string imagesPath = Find(folder, split, "images-idx3-ubyte");
        string labelsPath = Find(folder, split, "labels-idx1-ubyte");
        byte[] labels = ReadLabels(labelsPath);
        (RecordFile images, int[] shape) = IdxFile.Open(imagesPath, dimensions: 3);
        try
        {
            if (images.Count != labels.Length)
            {
                throw new AuditException($"{imagesPath} has {images.Count} images, but {labelsPath} has {labels.Length} labels; they do not belong together.");
            }

            if (classes.Count == 0)
            {
                classes = [.. Enumerable.Range(0, labels.Max() + 1).Select(label => label.ToString())];
            }

            int wrong = Array.FindIndex(labels, label => label >= classes.Count);
            return wrong < 0
                ? new IdxDataset(name, [imagesPath, labelsPath], images, shape, labels, classes)
                : throw new AuditException($"{labelsPath}: the label of image {wrong} is {labels[wrong]}, outside 0 to {classes.Count - 1}.");
        }
        catch
        {
            images.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public int Label(int index) => _labels[index];

    /// <inheritdoc/>
    public string Attribute(string name, int index)
        => throw new ArgumentException($"IDX data has no attribute '{name}'.", nameof(name));

    /// <inheritdoc/>
    public string Source(int index) => $"#{index}";

    /// <inheritdoc/>
    public Image Load(int index)
    {
        var image = new Image(_width, _height, 1);
        _images.Read(index, image.Samples);
        return image;
    }

    /// <inheritdoc/>
    public void Dispose() => _images.Dispose();

    private static byte[] ReadLabels(string path)
    {
        (RecordFile records, _) = IdxFile.Open(path, dimensions: 1);
        using (records)
        {
            var labels = new byte[records.Count];
            records.Read(0, labels);
            return labels;
        }
    }

    private static string Find(string folder, string split, string kind)
    {
        string[] candidates = [.. (split == "test" ? ["t10k", "test"] : new[] { split })
            .SelectMany(prefix => new[] { $"{prefix}-{kind}", $"{prefix}-{kind}.gz" })];
        return candidates.Select(file => Path.Combine(folder, file)).FirstOrDefault(File.Exists)
            ?? throw new AuditException($"{folder}: has none of {string.Join(", ", candidates)}.");
    }
}
