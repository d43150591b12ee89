using System.Globalization;
using AuditKit.Imaging;
using CsvHelper;
using CsvHelper.Configuration;

namespace AuditKit.Data;

/// <summary>
/// JPEG and PNG files listed in a CSV file with a header: <c>path</c> (below the CSV file's folder), <c>label</c>
/// (a class's name or number), optionally <c>split</c>; every other column is an attribute.
/// </summary>
public sealed class ManifestDataset : IDataset
{
    private const string PathColumn = "path", LabelColumn = "label", SplitColumn = "split";
    private const int MaxClasses = 100_000, MaxFieldLength = 32_768;

    private readonly string _manifest;
    private readonly string[] _paths;
    private readonly string[] _files;
    private readonly int[] _labels;
    private readonly Dictionary<string, string[]> _attributes;

    private ManifestDataset(
        string name, string manifest, string[] attributes, Row[] rows, string[] files, int[] labels, IReadOnlyList<string> classes)
    {
        (Name, _manifest, Attributes, _files, _labels, Classes) = (name, manifest, attributes, files, labels, classes);
        _paths = [.. rows.Select(row => row.Path)];
        _attributes = attributes.Index().ToDictionary(
            attribute => attribute.Item, attribute => rows.Select(row => row.Attributes[attribute.Index]).ToArray(), StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Format => "manifest";

    /// <inheritdoc/>
    public IReadOnlyList<string> Files => [_manifest, .. _files];

    /// <inheritdoc/>
    public int Count => _files.Length;

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Attributes { get; }

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
    {
        try
        {
            path = Path.GetFullPath(path);
            var root = new DataRoot(Path.GetDirectoryName(path)!);
            (string[] header, List<Row> rows) = ReadRows(path);
            RejectDuplicates(path, root.Folder, rows);
            // From the rows of every split: a class must not change its number with the split.
            classes = classes.Count > 0 ? classes : ClassesOf(path, rows);
            Func<Row, int> labelOf = Labeller(path, classes);
            Row[] chosen = Choose(path, header, rows, split);
            string[] files = [.. chosen.Select(row => root.Resolve(row.Path, row.At(path)))];
            return new ManifestDataset(name, path, [.. header.Where(IsAttribute)], chosen, files, [.. chosen.Select(labelOf)], classes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditException($"{path}: cannot be read: {e.Message}", ExitCode.Usage, e);
        }
    }

    /// <inheritdoc/>
    public int Label(int index) => _labels[index];

    /// <inheritdoc/>
    public string Attribute(string name, int index) => _attributes.TryGetValue(name, out string[]? values)
        ? values[index]
        : throw new ArgumentException($"{_manifest} has no column '{name}'.", nameof(name));

    /// <inheritdoc/>
    public string Source(int index) => _paths[index];

    /// <inheritdoc/>
    public Image Load(int index) => ImageFile.Read(_files[index]);

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private static bool IsAttribute(string column) => column is not (PathColumn or LabelColumn or SplitColumn);

    private static (string[] Header, List<Row> Rows) ReadRows(string path)
    {
        using var text = new StreamReader(path);
        using var csv = new CsvParser(text, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            MaxFieldSize = MaxFieldLength,
            BadDataFound = bad => throw new AuditException(
                $"{path}:{bad.Context.Parser?.RawRow}: a quotation mark inside a field; double it and put the field in quotation marks."),
        });
        try
        {
            string[] header = csv.Read() ? csv.Record! : [];
            foreach (string column in (string[])[PathColumn, LabelColumn])
            {
                if (!header.Contains(column))
                {
                    throw new AuditException($"{path}:1: there is no column '{column}'; the first line must name the columns.");
                }
            }

            if (header.FirstOrDefault(column => column.Length == 0 || header.Count(column.Equals) > 1) is { } wrong)
            {
                throw new AuditException($"{path}:1: the column name '{wrong}' is empty or given twice.");
            }

            var rows = new List<Row>();
            while (csv.Read())
            {
                rows.Add(Row.Of(header, csv.Record!, path, csv.RawRow));
            }

            return (header, rows);
        }
        catch (MaxFieldSizeException e)
        {
            throw new AuditException($"{path}:{csv.RawRow}: a field of more than {MaxFieldLength} characters; is a quotation mark left open?", ExitCode.Usage, e);
        }
    }

    private static void RejectDuplicates(string path, string root, List<Row> rows)
    {
        var lines = new Dictionary<string, int>(rows.Count, StringComparer.Ordinal);
        foreach (Row row in rows)
        {
            string full = Path.GetFullPath(Path.Combine(root, row.Path));
            if (!lines.TryAdd(full, row.Line))
            {
                throw new AuditException($"{row.At(path)}: '{row.Path}' is listed before, on line {lines[full]}; an image may be listed once.");
            }
        }
    }

    private static string[] ClassesOf(string path, List<Row> rows)
    {
        int largest = -1;
        foreach (Row row in rows)
        {
            if (!int.TryParse(row.Label, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int label))
            {
                return [.. rows.Select(other => other.Label).Distinct().Order(StringComparer.Ordinal)];
            }

            largest = label is >= 0 and < MaxClasses
                ? Math.Max(largest, label)
                : throw new AuditException($"{row.At(path)}: label {label} is out of range, 0 to {MaxClasses - 1}.");
        }

        return [.. Enumerable.Range(0, largest + 1).Select(label => label.ToString())];
    }

    private static Func<Row, int> Labeller(string path, IReadOnlyList<string> classes)
    {
        var labels = classes.Index().ToDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal);
        return row => labels.TryGetValue(row.Label, out int label)
            || (int.TryParse(row.Label, NumberStyles.None, CultureInfo.InvariantCulture, out label) && label < classes.Count)
            ? label
            : throw new AuditException(
                $"{row.At(path)}: label '{row.Label}' is out of range: neither a class name nor a number from 0 to {classes.Count - 1}.");
    }

    private static Row[] Choose(string path, string[] header, List<Row> rows, string? split)
    {
        if (split is not null && !header.Contains(SplitColumn))
        {
            throw new AuditException($"{path}:1: there is no column '{SplitColumn}', but the spec asks for split '{split}'.");
        }

        Row[] chosen = [.. rows.Where(row => split is null || row.Split == split)];
        return chosen.Length > 0 ? chosen
            : rows.Count == 0 ? throw new AuditException($"{path}: lists no image.")
            : throw new AuditException(
                $"{path}: has no image of split '{split}'; it has {string.Join(", ", rows.Select(row => row.Split).Distinct().Order(StringComparer.Ordinal))}.");
    }

    private sealed record Row(int Line, string Path, string Label, string Split, string[] Attributes)
    {
        public static Row Of(string[] header, string[] cells, string manifest, int line)
        {
            string Cell(string column) => Array.IndexOf(header, column) is >= 0 and var i ? cells[i] : "";
            if (cells.Length != header.Length)
            {
                throw new AuditException($"{manifest}:{line}: {cells.Length} fields, but the first line names {header.Length} columns.");
            }

            // Attributes have few different values: each is kept once.
            string[] attributes = [.. header.Index().Where(column => IsAttribute(column.Item)).Select(column => string.Intern(cells[column.Index]))];
            var row = new Row(line, Cell(PathColumn), string.Intern(Cell(LabelColumn)), string.Intern(Cell(SplitColumn)), attributes);
            return row.Path.Length > 0 && row.Label.Length > 0
                ? row
                : throw new AuditException($"{manifest}:{line}: {(row.Path.Length == 0 ? PathColumn : LabelColumn)} is empty.");
        }

        public string At(string manifest) => $"{manifest}:{Line}";
    }
}
