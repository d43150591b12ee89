using AuditKit.Imaging;

namespace AuditKit.Data;

/// <summary>
/// The binary versions of CIFAR-10 and CIFAR-100: files of records of one or two label bytes, then 32×32 samples of
/// red, then green, then blue.
/// </summary>
internal sealed class CifarRecords : IDisposable
{
    private const int Side = 32, Plane = Side * Side;

    private readonly RecordFile[] _files;
    private readonly int _labelBytes;
    private readonly byte[] _labels;

    private CifarRecords(RecordFile[] files, int labelBytes, byte[] labels) => (_files, _labelBytes, _labels) = (files, labelBytes, labels);

    /// <summary>Number of images.</summary>
    public int Count => _labels.Length / _labelBytes;

    /// <summary>Opens files and reads their labels.</summary>
    /// <param name="tree">The folder or the archive.</param>
    /// <param name="files">The files in it, in the order of their images.</param>
    /// <param name="classes">The number of classes that each label byte chooses from.</param>
    /// <exception cref="AuditException">A file is truncated, or a label has no class.</exception>
    public static CifarRecords Open(IFileTree tree, IReadOnlyList<string> files, params int[] classes)
    {
        var opened = new List<RecordFile>();
        try
        {
            var labels = new List<byte>();
            foreach (string file in files)
            {
                FilePart part = tree.Open(file);
                int length = classes.Length + (3 * Plane);
                opened.Add(new RecordFile(part.Handle, part.Name, part.Offset, (int)Math.Min(part.Length / length, int.MaxValue), length));
                if (part.Length == 0 || part.Length % length != 0)
                {
                    throw new AuditException(
                        $"{part.Name}: truncated: {part.Length} bytes are not a whole number of records of {length} bytes. Download it again.");
                }

                ReadLabels(opened[^1], part.Name, classes, labels);
            }

            return new CifarRecords([.. opened], classes.Length, [.. labels]);
        }
        catch
        {
            opened.ForEach(file => file.Dispose());
            throw;
        }
    }

    /// <summary>One of the label bytes of image <paramref name="index"/>.</summary>
    public int Label(int index, int which) => _labels[(index * _labelBytes) + which];

    /// <summary>Reads an image.</summary>
    public Image Load(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        int file = 0;
        while (index >= _files[file].Count)
        {
            index -= _files[file++].Count;
        }

        Span<byte> record = stackalloc byte[_labelBytes + (3 * Plane)];
        _files[file].Read(index, record);
        Span<byte> samples = record[_labelBytes..];
        var image = new Image(Side, Side, 3);
        for (int i = 0; i < Plane; i++)
        {
            image.Samples[3 * i] = samples[i];
            image.Samples[(3 * i) + 1] = samples[Plane + i];
            image.Samples[(3 * i) + 2] = samples[(2 * Plane) + i];
        }

        return image;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (RecordFile file in _files)
        {
            file.Dispose();
        }
    }

    /// <summary>The class names of a text file, one a line.</summary>
    /// <exception cref="AuditException">There is no such file.</exception>
    public static string[] ReadClasses(IFileTree tree, string file)
    {
        const int Limit = 1 << 16;
        return tree.Contains(file)
            ? System.Text.Encoding.UTF8.GetString(tree.Read(file, Limit)).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : throw new AuditException($"{tree.Path}: has no {file}, which names the classes.");
    }

    private static void ReadLabels(RecordFile file, string name, int[] classes, List<byte> labels)
    {
        Span<byte> label = stackalloc byte[classes.Length];
        for (int i = 0; i < file.Count; i++)
        {
            file.Read(i, label);
            for (int k = 0; k < classes.Length; k++)
            {
                if (label[k] >= classes[k])
                {
                    throw new AuditException($"{name}: the label of image {i} is {label[k]}, outside 0 to {classes[k] - 1}.");
                }
            }

            labels.AddRange(label);
        }
    }
}
