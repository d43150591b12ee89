namespace AuditKit.Data;

/// <summary>Tables that list images, a row an image.</summary>
internal static class TableList
{
    /// <summary>The images of a table.</summary>
    /// <param name="tree">Where the table is.</param>
    /// <param name="file">Its file.</param>
    /// <param name="table">The table.</param>
    /// <param name="request">The columns, the split and whether regions are taken.</param>
    /// <param name="splitsByFile">Whether the split chose the table, and not its rows.</param>
    /// <param name="folder">The folder of the table, which paths start from; empty for the top.</param>
    /// <param name="labelsByFolder">Whether an image's folder is its label where there is no column of labels.</param>
    /// <exception cref="AuditException">A column is missing, a path or label empty, or no row of the split.</exception>
    public static ImageList Of(
        IFileTree tree, string file, ListTable table, DataRequest request, bool splitsByFile = false, string folder = "", bool labelsByFolder = false)
    {
        ListColumns columns = request.Columns;
        if (columns.Missing(table.Name, table.Header, !labelsByFolder) is { } missing)
        {
            throw new AuditException(missing);
        }

        (int path, int label) = (table.Column(columns.PathIn(table.Header)), table.Column(columns.LabelIn(table.Header)));
        int split = splitsByFile ? -1 : table.Column(columns.SplitIn(table.Header));
        int[] attributes = [.. Enumerable.Range(0, table.Header.Length).Where(column => column != path && column != label && column != split)];
        int[] region = request.CropsToRegion ? Regions(table) : [];
        ListEntry[] entries = [.. table.Rows.Select(row => new ListEntry(
            table.Name, row.Line, Below(folder, Required(table, row, path)), label >= 0 ? Required(table, row, label) : FolderOf(table, row, path),
            [.. attributes.Select(column => row.Cells[column])])
        {
            Split = split < 0 ? "" : row.Cells[split],
            Region = region.Length == 0 ? null : Region.Parse([.. region.Select(column => row.Cells[column])], table.At(row)),
        })];
        return new ImageList(table.Name, [file], [.. attributes.Select(column => table.Header[column])],
            Choose(table, entries, split, splitsByFile ? null : request.Split))
        {
            OtherLabels = [.. entries.Select(entry => entry.Label).Distinct()],
        };
    }

    private static string Required(ListTable table, ListTable.Row row, int column)
    {
        string cell = row.Cells[column];
        return cell.Length == 0 ? throw new AuditException($"{table.At(row)}: {table.Header[column]} is empty.")
            : cell[0] is '[' or '{' ? throw new AuditException(
                $"{table.At(row)}: {table.Header[column]} is {(cell.Length > 40 ? cell[..40] + "…" : cell)}; expected one value: an image "
                    + "has one path and one class.")
            : cell;
    }

    private static string FolderOf(ListTable table, ListTable.Row row, int path)
        => Path.GetFileName(Path.GetDirectoryName(row.Cells[path])) is { Length: > 0 } folder ? folder : throw new AuditException(
            $"{table.At(row)}: '{row.Cells[path]}' has no label: {table.Name} has no column of labels, and the image lies in no folder of a class. "
                + $"The columns are {string.Join(", ", table.Header)}. Say which is the class: format: huggingface, columns: {{ label: … }}");

    private static string Below(string folder, string path) => folder.Length == 0 || path.StartsWith('/') ? path : $"{folder}/{path}";

    private static int[] Regions(ListTable table) => Region.Columns.All(table.Header.Contains) ? [.. Region.Columns.Select(table.Column)]
        : throw new AuditException($"{table.Name}: has no regions for data.crop-to-region: expected the columns {string.Join(", ", Region.Columns)}, "
            + $"found {string.Join(", ", table.Header)}. Leave out crop-to-region.");

    private static ListEntry[] Choose(ListTable table, ListEntry[] entries, int column, string? split)
    {
        if (split is not null && column < 0)
        {
            throw new AuditException($"{table.Name}:1: there is no column 'split', but the spec asks for split '{split}'.");
        }

        ListEntry[] chosen = [.. entries.Where(entry => split is null || entry.Split == split)];
        return chosen.Length > 0 || entries.Length == 0 ? chosen : throw new AuditException(
            $"{table.Name}: has no image of split '{split}'; it has "
                + $"{string.Join(", ", entries.Select(entry => entry.Split).Distinct().Order(StringComparer.Ordinal))}.");
    }
}
