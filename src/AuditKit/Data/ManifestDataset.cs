using System.Globalization;
using AuditKit.Imaging;

namespace AuditKit.Data;

/// <summary>
/// Image files that a list names with their labels and attributes. The plain form is a CSV file with a header:
/// <c>path</c> (below the CSV file's folder), <c>label</c> (a class's name or number), optionally <c>split</c>; every
/// other column is an attribute. Published data sets have lists of their own.
/// </summary>
public sealed class ManifestDataset : IDataset
{
    private const string PathColumn = "path", LabelColumn = "label", SplitColumn = "split";
    private const int MaxClasses = 100_000;

    private readonly IFileTree _tree;
    private readonly IReadOnlyList<string> _lists;
    private readonly IReadOnlyList<ListedImage> _images;
    private readonly string[] _attributes;

    /// <summary>Images of a list.</summary>
    /// <param name="name">What reports call the data.</param>
    /// <param name="format">The list's format.</param>
    /// <param name="tree">Where lists and images are; disposed with this object.</param>
    /// <param name="lists">The files that the list was read from.</param>
    /// <param name="images">The images, at least one; every path as <see cref="IFileTree.Resolve"/> gave it.</param>
    /// <param name="classes">Class names.</param>
    /// <param name="attributes">The attributes that every image has a value of.</param>
    internal ManifestDataset(
        string name, string format, IFileTree tree, IReadOnlyList<string> lists, IReadOnlyList<ListedImage> images, IReadOnlyList<string> classes,
            string[] attributes)
        => (Name, Format, _tree, _lists, _images, Classes, _attributes) = (name, format, tree, lists, images, classes, attributes);

    internal static DataFormat Description { get; } = new()
    {
        Name = "manifest",
        Layout = "images and a CSV file with the columns path and label",
        IsGeneral = true,
        Recognises = location => Lists(location).Count() == 1,
        FindSplits = location => CsvTable.Read(location.Tree, List(location)) is var table && table.Column(SplitColumn) is >= 0 and var column
            ? table.Rows.Select(row => row.Cells[column]).Distinct().Order(StringComparer.Ordinal)
            : [],
        Open = (location, request) => Open(
            location.Tree,
            List(location),
            request.Split,
            request.Name,
            request.Classes),
    };

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Format { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Files => _tree.OnDisk([.. _lists, .. _images.Select(image => image.Path)]);

    /// <inheritdoc/>
    public int Count => _images.Count;

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Attributes => _attributes;

    /// <summary>Reads a manifest; no image is read.</summary>
    /// <param name="path">The CSV file (UTF-8).</param>
    /// <param name="split">Only rows of this split; null for all rows.</param>
    /// <param name="name">What reports call the data.</param>
    /// <param name="classes">
    /// Class names. Where empty: 0 to the largest label if all labels (of every split) are numbers, else all labels
    /// in ordinal order.
    /// </param>
    /// <exception cref="AuditException">
    /// A line is malformed, has a label without a class, or lists a file that is missing, listed before, or outside
    /// the manifest's folder. The message names the line.
    /// </exception>
    public static ManifestDataset Open(string path, string? split, string name, IReadOnlyList<string> classes)
        => Open(new FolderTree(Path.GetDirectoryName(Path.GetFullPath(path))!), Path.GetFileName(path), split, name, classes);

    /// <inheritdoc/>
    public int Label(int index) => _images[index].Label;

    /// <inheritdoc/>
    public string Attribute(string name, int index) => Array.IndexOf(_attributes, name) is >= 0 and var column
        ? _images[index].Attributes[column]
        : throw new ArgumentException($"{_tree.FullName(_lists[0])} has no column '{name}'.", nameof(name));

    /// <inheritdoc/>
    public string Source(int index) => _images[index].Path;

    /// <inheritdoc/>
    public int Frames(int index) => _tree.Frames(_images[index].Path);

    /// <inheritdoc/>
    public Image Load(int index) => _tree.LoadImage(_images[index].Path);

    /// <inheritdoc/>
    public void Dispose() => _tree.Dispose();

    private static ManifestDataset Open(IFileTree tree, string file, string? split, string name, IReadOnlyList<string> classes)
    {
        var table = CsvTable.Read(tree, file, PathColumn, LabelColumn);
        int[] attributes = [.. Enumerable.Range(0, table.Header.Length)
            .Where(column => table.Header[column] is not (PathColumn or LabelColumn or SplitColumn))];
        Entry[] rows = [.. table.Rows.Select(row => Entry.Of(table, row, attributes))];
        RejectDuplicates(table, rows);
        // From the rows of every split: a class must not change its number with the split.
        classes = classes.Count > 0 ? classes : ClassesOf(table, rows);
        Func<Entry, int> labelOf = Labeller(table, classes);
        ListedImage[] images =
        [
            .. Choose(table, rows, split).Select(row => new ListedImage(tree.Resolve(row.Path, table.At(row.Row)), labelOf(row), row.Attributes)),
        ];
        return new ManifestDataset(name, "manifest", tree, [file], images, classes, [.. attributes.Select(column => table.Header[column])]);
    }

    private static string List(DataLocation location) => location.File ?? Lists(location).FirstOrDefault()
        ?? throw new AuditException($"{location.Tree.Path}: has no CSV file with the columns {PathColumn} and {LabelColumn}.");

    private static IEnumerable<string> Lists(DataLocation location)
        => (location.File is { } file ? [file] : location.Tree.Files("")).Where(list => CsvTable.Has(location.Tree, list, PathColumn, LabelColumn));

    private static void RejectDuplicates(CsvTable table, Entry[] rows)
    {
        var lines = new Dictionary<string, int>(rows.Length, StringComparer.Ordinal);
        foreach (Entry row in rows)
        {
            string full = Path.GetFullPath(Path.Combine("/", row.Path));
            if (!lines.TryAdd(full, row.Row.Line))
            {
                throw new AuditException($"{table.At(row.Row)}: '{row.Path}' is listed before, on line {lines[full]}; an image may be listed once.");
            }
        }
    }

    private static string[] ClassesOf(CsvTable table, Entry[] rows)
    {
        int largest = -1;
        foreach (Entry row in rows)
        {
            if (!int.TryParse(row.Label, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int label))
            {
                return [.. rows.Select(other => other.Label).Distinct().Order(StringComparer.Ordinal)];
            }

            largest = label is >= 0 and < MaxClasses
                ? Math.Max(largest, label)
                : throw new AuditException($"{table.At(row.Row)}: label {label} is out of range, 0 to {MaxClasses - 1}.");
        }

        return [.. Enumerable.Range(0, largest + 1).Select(label => label.ToString())];
    }

    private static Func<Entry, int> Labeller(CsvTable table, IReadOnlyList<string> classes)
    {
        var labels = classes.Index().ToDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal);
        return row => labels.TryGetValue(row.Label, out int label)
            || (int.TryParse(row.Label, NumberStyles.None, CultureInfo.InvariantCulture, out label) && label < classes.Count)
            ? label
            : throw new AuditException(
                $"{table.At(row.Row)}: label '{row.Label}' is out of range: neither a class name nor a number from 0 to {classes.Count - 1}.");
    }

    private static Entry[] Choose(CsvTable table, Entry[] rows, string? split)
    {
        if (split is not null && table.Column(SplitColumn) < 0)
        {
            throw new AuditException($"{table.Name}:1: there is no column '{SplitColumn}', but the spec asks for split '{split}'.");
        }

        Entry[] chosen = [.. rows.Where(row => split is null || row.Split == split)];
        return chosen.Length > 0 ? chosen
            : rows.Length == 0 ? throw new AuditException($"{table.Name}: lists no image.")
            : throw new AuditException(
                $"{table.Name}: has no image of split '{split}'; it has "
                    + $"{string.Join(", ", rows.Select(row => row.Split).Distinct().Order(StringComparer.Ordinal))}.");
    }

    private sealed record Entry(CsvTable.Row Row, string Path, string Label, string Split, string[] Attributes)
    {
        public static Entry Of(CsvTable table, CsvTable.Row row, int[] attributes)
        {
            string Cell(string column) => table.Column(column) is >= 0 and var i ? row.Cells[i] : "";
            var entry = new Entry(row, Cell(PathColumn), Cell(LabelColumn), Cell(SplitColumn), [.. attributes.Select(column => row.Cells[column])]);
            return entry.Path.Length > 0 && entry.Label.Length > 0
                ? entry
                : throw new AuditException($"{table.At(row)}: {(entry.Path.Length == 0 ? PathColumn : LabelColumn)} is empty.");
        }
    }
}
