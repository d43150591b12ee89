using AuditKit.Imaging;

namespace AuditKit.Data;

/// <summary>
/// CIFAR-10, binary version (Krizhevsky 2009): records of one label byte and 32×32 samples of red, then green, then
/// blue; <c>data_batch_1.bin</c> to <c>data_batch_5.bin</c> are the train split, <c>test_batch.bin</c> is the test
/// split, <c>batches.meta.txt</c> names the classes.
/// </summary>
public sealed class Cifar10Dataset : IDataset
{
    private const int Side = 32, Plane = Side * Side, RecordLength = 1 + (3 * Plane);
    private const string ClassFile = "batches.meta.txt";

    private readonly RecordFile[] _batches;
    private readonly byte[] _labels;

    private Cifar10Dataset(string name, string[] files, RecordFile[] batches, byte[] labels, string[] classes)
        => (Name, Files, _batches, _labels, Classes) = (name, files, batches, labels, classes);

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Format => "cifar-10";

    /// <inheritdoc/>
    public IReadOnlyList<string> Files { get; }

    /// <inheritdoc/>
    public int Count => _labels.Length;

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Attributes => [];

    /// <summary>Opens one split: of the train split those batches that are there, at least one.</summary>
    /// <param name="folder">The folder of the binary version.</param>
    /// <param name="split"><c>train</c> or <c>test</c>.</param>
    /// <param name="name">What reports call the data.</param>
    /// <exception cref="AuditException">A file is missing or truncated, or a label has no class.</exception>
    public static Cifar10Dataset Open(string folder, string split, string name)
    {
        string[] wanted = split == "test" ? ["test_batch.bin"] : [.. Enumerable.Range(1, 5).Select(i => $"data_batch_{i}.bin")];
        string[] paths = [.. wanted.Select(file => Path.Combine(folder, file)).Where(File.Exists)];
        if (paths.Length == 0)
        {
            throw new AuditException($"{folder}: has no {string.Join(", ", wanted)}; the binary version of CIFAR-10 is needed.");
        }

        string classPath = Path.Combine(folder, ClassFile);
        string[] classes = File.Exists(classPath)
            ? [.. File.ReadLines(classPath).Select(line => line.Trim()).Where(line => line.Length > 0)]
            : throw new AuditException($"{folder}: has no {ClassFile}, which names the classes.");

        var batches = new List<RecordFile>();
        try
        {
            var labels = new List<byte>();
            foreach (string path in paths)
            {
                RecordFile batch = OpenBatch(path);
                batches.Add(batch);
                ReadLabels(batch, path, classes.Length, labels);
            }

            return new Cifar10Dataset(name, [.. paths, classPath], [.. batches], [.. labels], classes);
        }
        catch
        {
            batches.ForEach(batch => batch.Dispose());
            throw;
        }
    }

    /// <inheritdoc/>
    public int Label(int index) => _labels[index];

    /// <inheritdoc/>
    public string Attribute(string name, int index)
        => throw new ArgumentException($"CIFAR-10 data has no attribute '{name}'.", nameof(name));

    /// <inheritdoc/>
    public string Source(int index) => $"#{index}";

    /// <inheritdoc/>
    public Image Load(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        int batch = 0;
        while (index >= _batches[batch].Count)
        {
            index -= _batches[batch++].Count;
        }

        Span<byte> record = stackalloc byte[RecordLength];
        _batches[batch].Read(index, record);
        var image = new Image(Side, Side, 3);
        for (int i = 0; i < Plane; i++)
        {
            image.Samples[3 * i] = record[1 + i];
            image.Samples[(3 * i) + 1] = record[1 + Plane + i];
            image.Samples[(3 * i) + 2] = record[1 + (2 * Plane) + i];
        }

        return image;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (RecordFile batch in _batches)
        {
            batch.Dispose();
        }
    }

    private static RecordFile OpenBatch(string path)
    {
        try
        {
            long length = new FileInfo(path).Length;
            return length > 0 && length % RecordLength == 0 && length / RecordLength <= int.MaxValue
                ? new RecordFile(File.OpenHandle(path), path, 0, (int)(length / RecordLength), RecordLength)
                : throw new AuditException(
                    $"{path}: truncated: {length} bytes are not a whole number of records of {RecordLength} bytes. Download it again.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditException($"{path}: cannot be read: {e.Message}", ExitCode.Usage, e);
        }
    }

    private static void ReadLabels(RecordFile batch, string path, int classes, List<byte> labels)
    {
        Span<byte> label = stackalloc byte[1];
        for (int i = 0; i < batch.Count; i++)
        {
            batch.Read(i, label);
            if (label[0] >= classes)
            {
                throw new AuditException($"{path}: the label of image {i} is {label[0]}, outside 0 to {classes - 1}.");
            }

            labels.Add(label[0]);
        }
    }
}
