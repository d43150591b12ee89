using AuditKit.Imaging;

namespace AuditKit.Data;

/// <summary>
/// SVHN, cropped digits (Netzer et al. 2011): <c>train_32x32.mat</c>, <c>test_32x32.mat</c> and <c>extra_32x32.mat</c>
/// with images X (height × width × 3 × N, column-major) and labels y, in which 10 stands for the digit 0.
/// </summary>
public sealed class SvhnDataset : IDataset
{
    private const int Digits = 10;

    private static readonly string[] s_splits = ["train", "test", "extra"];

    private readonly RecordFile _images;
    private readonly byte[] _labels;
    private readonly int _height;
    private readonly int _width;

    private SvhnDataset(string name, IReadOnlyList<string> files, RecordFile images, byte[] labels, int height, int width)
        => (Name, Files, _images, _labels, _height, _width) = (name, files, images, labels, height, width);

    internal static DataFormat Description { get; } = new()
    {
        Name = "svhn",
        Layout = "train_32x32.mat, test_32x32.mat",
        Splits = s_splits,
        DefaultSplit = "test",
        FixedClasses = true,
        Recognises = location => location.File is null && s_splits.Any(split => location.Tree.Contains(FileOf(split))),
        Open = DataFormat.Closing((tree, request) => Open(tree, request.Split!, request.Name)),
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
    public IReadOnlyList<string> Classes { get; } = [.. Enumerable.Range(0, Digits).Select(digit => digit.ToString())];

    /// <inheritdoc/>
    public IReadOnlyList<string> Attributes => [];

    /// <summary>Opens one split. Compressed images are unpacked once, into a temporary file.</summary>
    /// <param name="folder">The folder (or archive) of the files.</param>
    /// <param name="split"><c>train</c>, <c>test</c> or <c>extra</c>.</param>
    /// <param name="name">What reports call the data.</param>
    /// <exception cref="AuditException">The file is missing, truncated or of another form, or a label is no digit.</exception>
    public static SvhnDataset Open(string folder, string split, string name)
    {
        using DataLocation location = DataLocation.Open(folder);
        return Open(location.Tree, split, name);
    }

    /// <inheritdoc/>
    public int Label(int index) => _labels[index] % Digits;

    /// <inheritdoc/>
    public string Attribute(string name, int index)
        => throw new ArgumentException($"SVHN data has no attribute '{name}'.", nameof(name));

    /// <inheritdoc/>
    public string Source(int index) => $"#{index}";

    /// <inheritdoc/>
    public Image Load(int index)
    {
        byte[] columns = new byte[_images.Length];
        _images.Read(index, columns);
        var image = new Image(_width, _height, 3);
        for (int i = 0; i < columns.Length; i++)
        {
            (int y, int x, int c) = (i % _height, i / _height % _width, i / (_height * _width));
            image.Samples[(((y * _width) + x) * 3) + c] = columns[i];
        }

        return image;
    }

    /// <inheritdoc/>
    public void Dispose() => _images.Dispose();

    private static string FileOf(string split) => $"{split}_32x32.mat";

    private static SvhnDataset Open(IFileTree tree, string split, string name)
    {
        string file = FileOf(split);
        byte[] labels = ReadLabels(tree, file);
        MatFile.Array images = MatFile.Open(tree, file, "X");
        if (images.Shape is not [> 0 and var height, > 0 and var width, 3, var count] || count != labels.Length || (long)height * width > ImageFile.MaxPixels)
        {
            images.Values.Handle.Dispose();
            throw new AuditException(
                $"{tree.FullName(file)}: X has shape {string.Join("×", images.Shape)} and y {labels.Length} labels; height × width × 3 × as "
                    + "many images are needed.");
        }

        return new SvhnDataset(
            name, tree.OnDisk([file]), new RecordFile(images.Values.Handle, images.Values.Name, images.Values.Offset, count, 3 * height * width),
                labels, height, width);
    }

    private static byte[] ReadLabels(IFileTree tree, string file)
    {
        const long MostImages = 10_000_000;
        MatFile.Array array = MatFile.Open(tree, file, "y");
        using (array.Values.Handle)
        {
            if (array.Values.Length is 0 or > MostImages)
            {
                throw new AuditException($"{tree.FullName(file)}: y has {array.Values.Length} labels, outside 1 to {MostImages}.");
            }

            byte[] labels = new byte[array.Values.Length];
            array.Values.Read(0, labels);
            int wrong = Array.FindIndex(labels, label => label > Digits);
            return wrong < 0 ? labels : throw new AuditException($"{tree.FullName(file)}: the label of image {wrong} is {labels[wrong]}, "
                + $"outside 1 to {Digits}.");
        }
    }
}
