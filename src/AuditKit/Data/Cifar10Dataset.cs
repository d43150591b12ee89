using AuditKit.Imaging;

namespace AuditKit.Data;

/// <summary>
/// CIFAR-10, binary version (Krizhevsky 2009): <c>data_batch_1.bin</c> to <c>data_batch_5.bin</c> are the train split,
/// <c>test_batch.bin</c> is the test split, <c>batches.meta.txt</c> names the classes.
/// </summary>
public sealed class Cifar10Dataset : IDataset
{
    private const string ClassFile = "batches.meta.txt", TestFile = "test_batch.bin";

    private readonly CifarRecords _records;

    private Cifar10Dataset(string name, IReadOnlyList<string> files, CifarRecords records, string[] classes)
        => (Name, Files, _records, Classes) = (name, files, records, classes);

    internal static DataFormat Description { get; } = new()
    {
        Name = "cifar-10",
        Layout = "data_batch_1.bin …, test_batch.bin and batches.meta.txt",
        Splits = ["train", "test"],
        DefaultSplit = "test",
        FixedClasses = true,
        Recognises = location => location.File is null && location.Tree.Contains(ClassFile),
        Open = DataFormat.Closing((tree, request) => Open(tree, request.Split!, request.Name)),
    };

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Format => Description.Name;

    /// <inheritdoc/>
    public IReadOnlyList<string> Files { get; }

    /// <inheritdoc/>
    public int Count => _records.Count;

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Attributes => [];

    /// <summary>Opens one split: of the train split those batches that are there, at least one.</summary>
    /// <param name="folder">The folder (or archive) of the binary version.</param>
    /// <param name="split"><c>train</c> or <c>test</c>.</param>
    /// <param name="name">What reports call the data.</param>
    /// <exception cref="AuditException">A file is missing or truncated, or a label has no class.</exception>
    public static Cifar10Dataset Open(string folder, string split, string name)
    {
        using DataLocation location = DataLocation.Open(folder);
        return Open(location.Tree, split, name);
    }

    /// <inheritdoc/>
    public int Label(int index) => _records.Label(index, 0);

    /// <inheritdoc/>
    public string Attribute(string name, int index)
        => throw new ArgumentException($"CIFAR-10 data has no attribute '{name}'.", nameof(name));

    /// <inheritdoc/>
    public string Source(int index) => $"#{index}";

    /// <inheritdoc/>
    public Image Load(int index) => _records.Load(index);

    /// <inheritdoc/>
    public void Dispose() => _records.Dispose();

    private static Cifar10Dataset Open(IFileTree tree, string split, string name)
    {
        string[] wanted = split == "test" ? [TestFile] : [.. Enumerable.Range(1, 5).Select(i => $"data_batch_{i}.bin")];
        string[] files = [.. wanted.Where(tree.Contains)];
        if (files.Length == 0)
        {
            throw new AuditException($"{tree.Path}: has no {string.Join(", ", wanted)}; the binary version of CIFAR-10 is needed.");
        }

        string[] classes = CifarRecords.ReadClasses(tree, ClassFile);
        return new Cifar10Dataset(name, tree.OnDisk([.. files, ClassFile]), CifarRecords.Open(tree, files, classes.Length), classes);
    }
}
