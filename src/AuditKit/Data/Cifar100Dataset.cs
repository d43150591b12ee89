using AuditKit.Imaging;

namespace AuditKit.Data;

/// <summary>
/// CIFAR-100, binary version (Krizhevsky 2009): records of a coarse (20) and a fine (100) label in <c>train.bin</c>
/// and <c>test.bin</c>, named in <c>coarse_label_names.txt</c> and <c>fine_label_names.txt</c>. The fine label is the
/// class and the coarse one the attribute <c>coarse</c>; the target <c>coarse</c> has it the other way round.
/// </summary>
public sealed class Cifar100Dataset : IDataset
{
    private const string Coarse = "coarse", Fine = "fine";

    // In the order of the record's label bytes.
    private static readonly string[] Levels = [Coarse, Fine];

    private readonly CifarRecords _records;
    private readonly string[][] _names;
    private readonly int _class;

    private Cifar100Dataset(string name, IReadOnlyList<string> files, CifarRecords records, string[][] names, int level)
        => (Name, Files, _records, _names, _class) = (name, files, records, names, level);

    internal static DataFormat Description { get; } = new()
    {
        Name = "cifar-100",
        Layout = "train.bin, test.bin, coarse_label_names.txt and fine_label_names.txt",
        Splits = ["train", "test"],
        DefaultSplit = "test",
        FixedClasses = true,
        Target = "fine (the default) or coarse",
        Recognises = location => location.File is null && location.Tree.Contains(ClassFile(Coarse)),
        Open = DataFormat.Closing((tree, request) => Open(tree, request.Split!, request.Target ?? Fine, request.Name)),
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
    public IReadOnlyList<string> Classes => _names[_class];

    /// <inheritdoc/>
    public IReadOnlyList<string> Attributes => [Levels[1 - _class]];

    /// <summary>Opens one split.</summary>
    /// <param name="folder">The folder (or archive) of the binary version.</param>
    /// <param name="split"><c>train</c> or <c>test</c>.</param>
    /// <param name="target">The label that is predicted: <c>fine</c> or <c>coarse</c>.</param>
    /// <param name="name">What reports call the data.</param>
    /// <exception cref="AuditException">A file is missing or truncated, a label has no class, or there is no such target.</exception>
    public static Cifar100Dataset Open(string folder, string split, string target, string name)
    {
        using DataLocation location = DataLocation.Open(folder);
        return Open(location.Tree, split, target, name);
    }

    /// <inheritdoc/>
    public int Label(int index) => _records.Label(index, _class);

    /// <inheritdoc/>
    public string Attribute(string name, int index) => name == Levels[1 - _class]
        ? _names[1 - _class][_records.Label(index, 1 - _class)]
        : throw new ArgumentException($"CIFAR-100 data of target '{Levels[_class]}' has no attribute '{name}'.", nameof(name));

    /// <inheritdoc/>
    public string Source(int index) => $"#{index}";

    /// <inheritdoc/>
    public Image Load(int index) => _records.Load(index);

    /// <inheritdoc/>
    public void Dispose() => _records.Dispose();

    private static string ClassFile(string level) => $"{level}_label_names.txt";

    private static Cifar100Dataset Open(IFileTree tree, string split, string target, string name)
    {
        int level = Array.IndexOf(Levels, target);
        if (level < 0)
        {
            throw new AuditException($"{tree.Path}: '{target}' is no target of CIFAR-100; it is {Description.Target}.");
        }

        string file = $"{split}.bin";
        if (!tree.Contains(file))
        {
            throw new AuditException($"{tree.Path}: has no {file}; the binary version of CIFAR-100 is needed.");
        }

        string[][] names = [.. Levels.Select(other => CifarRecords.ReadClasses(tree, ClassFile(other)))];
        return new Cifar100Dataset(
            name, tree.OnDisk([file, .. Levels.Select(ClassFile)]), CifarRecords.Open(tree, [file], names[0].Length, names[1].Length), names, level);
    }
}
