using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace AuditKit.Data;

/// <summary>
/// A table (UTF-8): CSV whose first line names its columns and whose delimiter is a comma, a semicolon or a tab, or JSON Lines,
/// whose rows name theirs.
/// </summary>
internal sealed class ListTable
{
    private const int MaxFieldLength = 32_768;
    private const long MaxFileSize = 1 << 29;

    private static readonly char[] s_delimiters = [',', ';', '\t'];

    private ListTable(string name, string[] header, List<Row> rows) => (Name, Header, Rows) = (name, header, rows);

    /// <summary>What errors call the file.</summary>
    public string Name { get; }

    /// <summary>The names of the columns, none empty, no two the same.</summary>
    public string[] Header { get; }

    /// <summary>The rows in the file's order.</summary>
    public IReadOnlyList<Row> Rows { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="tree">The folder or the archive.</param>
    /// <param name="path">The file in it.</param>
    /// <param name="columns">Columns that it must have.</param>
    /// <exception cref="AuditException">The file is missing or malformed; the message names the line.</exception>
    public static ListTable Read(IFileTree tree, string path, params ReadOnlySpan<string> columns)
    {
        string name = tree.FullName(path);
        ListTable table;
        try
        {
            byte[] file = tree.Read(path, MaxFileSize);
            table = IsJsonLines(path) ? ReadJsonLines(file, name) : ReadCsv(file, name);
        }
        catch (AuditException e) when (e.ExitCode == ExitCode.Error)
        {
            // The file is read before anything is measured, so that it is the input that is wrong.
            throw new AuditException(e.Message, ExitCode.Usage, e);
        }

        foreach (string column in columns)
        {
            if (!table.Header.Contains(column))
            {
                throw new AuditException($"{name}:1: there is no column '{column}'; the first line must name the columns.");
            }
        }

        return table;
    }

    /// <summary>Whether a file is a table with the columns given.</summary>
    public static bool Has(IFileTree tree, string path, params ReadOnlySpan<string> columns)
    {
        string[] header = Peek(tree, path);
        foreach (string column in columns)
        {
            if (!header.Contains(column))
            {
                return false;
            }
        }

        return header.Length > 0;
    }

    /// <summary>The columns that a file's first line names; empty where it is no table.</summary>
    public static string[] Peek(IFileTree tree, string path)
    {
        if (Path.GetExtension(path).ToLowerInvariant() is not (".csv" or ".tsv" or ".tab" or ".txt" or ".jsonl" or ".ndjson") || !tree.Contains(path))
        {
            return [];
        }

        FilePart part = tree.Open(path);
        using (part.Handle)
        {
            byte[] start = new byte[Math.Min(part.Length, MaxFieldLength)];
            part.Read(0, start);
            string first = new StreamReader(new MemoryStream(start)).ReadLine() ?? "";
            return IsJsonLines(path) ? JsonNames(first) : [.. first.Split(Delimiter(first)).Select(column => column.Trim('"'))];
        }
    }

    /// <summary>The position of a column; −1 where there is none.</summary>
    public int Column(string? name) => Array.IndexOf(Header, name);

    /// <summary>Where a row stands, for errors: <c>file:line</c>.</summary>
    public string At(Row row) => $"{Name}:{row.Line}";

    private static bool IsJsonLines(string path) => Path.GetExtension(path).ToLowerInvariant() is ".jsonl" or ".ndjson";

    // The one that cuts the first line into the most columns.
    private static char Delimiter(string first) => s_delimiters.MaxBy(delimiter => first.Count(delimiter));

    private static ListTable ReadCsv(byte[] file, string name)
    {
        string first = new StreamReader(new MemoryStream(file)).ReadLine() ?? "";
        using var text = new StreamReader(new MemoryStream(file));
        using var csv = new CsvParser(text, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = $"{Delimiter(first)}",
            MaxFieldSize = MaxFieldLength,
            BadDataFound = bad => throw new AuditException(
                $"{name}:{bad.Context.Parser?.RawRow}: a quotation mark inside a field; double it and put the field in quotation marks."),
        });
        try
        {
            string[] header = csv.Read() ? csv.Record! : [];
            RequireText(csv, name);
            if (header.FirstOrDefault(column => column.Length == 0 || header.Count(column.Equals) > 1) is { } wrong)
            {
                throw new AuditException($"{name}:1: the column name '{wrong}' is empty or given twice.");
            }

            var rows = new List<Row>();
            // Labels and attributes have few different values: each is kept once.
            var values = new Dictionary<string, string>(StringComparer.Ordinal);
            while (csv.Read())
            {
                string[] cells = csv.Record!;
                RequireText(csv, name);
                if (cells.Length != header.Length)
                {
                    throw new AuditException($"{name}:{csv.RawRow}: {cells.Length} fields, but the first line names {header.Length} columns.");
                }

                for (int i = 0; i < cells.Length; i++)
                {
                    cells[i] = values.TryGetValue(cells[i], out string? known) ? known : values[cells[i]] = cells[i];
                }

                rows.Add(new Row(csv.RawRow, cells));
            }

            return new ListTable(name, header, rows);
        }
        catch (MaxFieldSizeException e)
        {
            throw new AuditException($"{name}:{csv.RawRow}: a field of more than {MaxFieldLength} characters; is a quotation "
                + "mark left open?", ExitCode.Usage, e);
        }
    }

    private static ListTable ReadJsonLines(byte[] file, string name)
    {
        var columns = new OrderedDictionary<string, int>(StringComparer.Ordinal);
        var objects = new List<(int Line, Dictionary<string, string> Values)>();
        using var text = new StreamReader(new MemoryStream(file));
        for (int line = 1; text.ReadLine() is { } each; line++)
        {
            if (string.IsNullOrWhiteSpace(each))
            {
                continue;
            }

            var values = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach ((string key, string value) in JsonListFile.Object(each, $"{name}:{line}"))
            {
                columns.TryAdd(key, columns.Count);
                values[key] = value;
            }

            objects.Add((line, values));
        }

        string[] header = [.. columns.Keys];
        return new ListTable(name, header, [.. objects
            .Select(row => new Row(row.Line, [.. header.Select(column => row.Values.GetValueOrDefault(column, ""))]))]);
    }

    private static string[] JsonNames(string line)
    {
        try
        {
            return [.. JsonListFile.Object(line, "").Select(property => property.Key)];
        }
        catch (AuditException)
        {
            // Its own reader says what is wrong with it, once it is known which that is.
            return [];
        }
    }

    // Refuses NUL characters: no path, label or attribute has one, and the operating system ends a path there.
    private static void RequireText(CsvParser csv, string name)
    {
        if (csv.RawRecord?.Contains('\0', StringComparison.Ordinal) == true)
        {
            throw new AuditException($"{name}:{csv.RawRow}: holds a NUL character. The file is damaged, or no text in UTF-8; write it again.");
        }
    }

    /// <summary>A row: its line in the file (from 1), and a cell for every column.</summary>
    internal readonly record struct Row(int Line, string[] Cells);
}
