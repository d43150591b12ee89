using System.Text;
using AuditKit.Imaging;

namespace AuditKit.Data;

/// <summary>
/// Image files that a list names with their labels and attributes. The plain form is a table, CSV or JSON Lines: a column of
/// paths (below the table's folder), one of labels (a class's name or number), optionally one of splits, all found by their
/// usual names or by those that the spec gives; every other column is an attribute. Published data sets have lists of their own.
/// </summary>
public sealed class ManifestDataset : IDataset
{
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
        Layout = "images and a CSV or JSON Lines file with the columns path and label",
        Rank = 1,
        ReadsColumns = true,
        HasRegions = true,
        Recognises = location => Lists(location, ListColumns.Usual).Any(),
        FindSplits = FindSplits,
        Explain = Explain,
        Open = Open,
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

    /// <inheritdoc/>
    public IReadOnlyList<Fact> Facts { get; internal init; } = [];

    /// <summary>Reads a manifest; no image is read.</summary>
    /// <param name="path">The CSV or JSON Lines file (UTF-8).</param>
    /// <param name="split">Only rows of this split; null for all rows.</param>
    /// <param name="name">What reports call the data.</param>
    /// <param name="classes">
    /// Class names. Where empty: 0 to the largest label if all labels (of every split) are numbers and one is 0, else all labels,
    /// numbers by value and others in ordinal order.
    /// </param>
    /// <exception cref="AuditException">
    /// A line is malformed, has a label without a class, or lists a file that is missing, listed before, or outside
    /// the manifest's folder. The message names the line.
    /// </exception>
    public static ManifestDataset Open(string path, string? split, string name, IReadOnlyList<string> classes)
    {
        var location = new DataLocation(new FolderTree(Path.GetDirectoryName(Path.GetFullPath(path))!), Path.GetFileName(path));
        return Open(location, new DataRequest(split, name, classes));
    }

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
    public byte[] Content(int index)
    {
        ListedImage listed = _images[index];
        byte[] file = _tree.Read(listed.Path, ImageFile.MaxFileSize);
        return listed.Region is { } region ? [.. file, .. Encoding.UTF8.GetBytes($"{region}")] : file;
    }

    /// <inheritdoc/>
    public Image Load(int index)
    {
        ListedImage listed = _images[index];
        Image image = _tree.LoadImage(listed.Path);
        return listed.Region is { } region ? region.Of(image, _tree.FullName(listed.Path)) : image;
    }

    /// <inheritdoc/>
    public void Dispose() => _tree.Dispose();

    private static ManifestDataset Open(DataLocation location, DataRequest request)
    {
        string[] lists = location.File is { } file ? [file] : [.. Lists(location, request.Columns)];
        string list = lists.Length == 1 ? lists[0] : lists.Length == 0
            ? throw new AuditException(Explain(location, request.Columns)
                ?? $"{location.Tree.Path}: has no list of images; expected a CSV file with the columns path and label.")
            : lists.FirstOrDefault(each => SplitOf(each).Equals(request.Split, StringComparison.OrdinalIgnoreCase)) ?? throw new AuditException(
                $"{location.Tree.Path}: has several lists of images, {WordList.Of(lists)}. Say which: split: {SplitOf(lists[0])}");
        var table = ListTable.Read(location.Tree, list);
        ImageList images = TableList.Of(location.Tree, list, table, request, splitsByFile: lists.Length > 1);
        return (images with
        {
            OtherLabels = [.. images.OtherLabels, .. lists.Where(other => other != list).SelectMany(other => Labels(location.Tree, other, request.Columns))],
        }).Open(request, Description.Name, location.Tree);
    }

    private static IEnumerable<string> Lists(DataLocation location, ListColumns columns)
        => (location.File is { } file ? [file] : location.Tree.Files("")).Where(list => ListTable.Peek(location.Tree, list) is { Length: > 0 } header
            && columns.Missing(list, header) is null);

    private static IEnumerable<string> FindSplits(DataLocation location)
    {
        string[] lists = [.. Lists(location, ListColumns.Usual)];
        return lists.Length != 1 ? lists.Select(SplitOf)
            : ListTable.Read(location.Tree, lists[0]) is var table && table.Column(ListColumns.Usual.SplitIn(table.Header)) is >= 0 and var column
            ? table.Rows.Select(row => row.Cells[column]).Distinct().Order(StringComparer.Ordinal)
            : [];
    }

    private static string SplitOf(string list) => Path.GetFileNameWithoutExtension(list);

    private static IEnumerable<string> Labels(IFileTree tree, string list, ListColumns columns)
    {
        var table = ListTable.Read(tree, list);
        int label = table.Column(columns.LabelIn(table.Header));
        return table.Rows.Select(row => row.Cells[label]).Distinct();
    }

    private static string? Explain(DataLocation location) => Explain(location, ListColumns.Usual);

    // Why a file that looks like a list is none: what its columns lack.
    private static string? Explain(DataLocation location, ListColumns columns)
        => (location.File is { } file ? [file] : location.Tree.Files("")).Select(list => (list, ListTable.Peek(location.Tree, list)))
            .Where(list => list.Item2.Length > 1 || (list.Item2.Length == 1 && location.File is not null))
            .Select(list => columns.Missing(location.Tree.FullName(list.list), list.Item2)).FirstOrDefault();
}
