using AuditKit.Yaml;

namespace AuditKit.Data;

/// <summary>Which columns of a list hold what, where they have not the usual names: <c>columns: { path: filename, label: class }</c>.</summary>
/// <param name="Path">The column of the images' paths; null to find it by a usual name.</param>
/// <param name="Label">The column of their classes; null to find it by a usual name.</param>
/// <param name="Split">The column of their splits; null to find it by a usual name.</param>
public sealed record ListColumns(string? Path = null, string? Label = null, string? Split = null)
{
    private static readonly TextKey s_path = new("path", "The column of the images' paths");
    private static readonly TextKey s_label = new("label", "The column of their classes, as names or numbers");
    private static readonly TextKey s_split = new("split", "The column of their splits");

    // In the order in which they are looked for; upper and lower case count alike.
    private static readonly string[] s_paths =
        ["path", "file", "filename", "file_name", "filepath", "file_path", "image", "image_path", "image_file", "image_name", "img", "img_path", "img_name"];

    private static readonly string[] s_labels =
        ["label", "labels", "class", "class_name", "classname", "target", "category", "class_id", "classid", "label_id", "category_id"];

    private static readonly string[] s_splits = ["split", "subset", "partition"];

    /// <summary>The usual names only.</summary>
    public static ListColumns Usual { get; } = new();

    internal static BlockKey Key { get; } = new("columns", "Which columns of a list hold what, where they have no usual names", s_path, s_label, s_split);

    /// <summary>Reads the block; null where it is absent.</summary>
    internal static ListColumns? Parse(SpecMap? map)
    {
        if (map is null)
        {
            return null;
        }

        var columns = new ListColumns(s_path.Read(map), s_label.Read(map), s_split.Read(map));
        map.Finish();
        return columns;
    }

    /// <summary>The column of the paths; null where there is none.</summary>
    internal string? PathIn(IReadOnlyList<string> header) => Find(header, Path, s_paths);

    /// <summary>The column of the labels; null where there is none.</summary>
    internal string? LabelIn(IReadOnlyList<string> header) => Find(header, Label, s_labels);

    /// <summary>The column of the splits; null where there is none.</summary>
    internal string? SplitIn(IReadOnlyList<string> header) => Find(header, Split, s_splits);

    /// <summary>What is wrong with a header that lacks a column; null where nothing is.</summary>
    internal string? Missing(string list, IReadOnlyList<string> header, bool needsLabel = true)
    {
        string? path = PathIn(header), label = LabelIn(header);
        string? missing = path is null ? Path ?? "path" : label is null && needsLabel ? Label ?? "label" : Split is not null
            && SplitIn(header) is null ? Split : null;
        return missing is null ? null
            : $"{list} has no column '{missing}'; it has {string.Join(", ", header)}. Say which are the columns: columns: {{ path: "
                + $"{path ?? "…"}, label: {label ?? "…"} }}";
    }

    private static string? Find(IReadOnlyList<string> header, string? named, string[] usual) => named is not null
        ? header.FirstOrDefault(column => column == named)
        : usual.Select(name => header.FirstOrDefault(column => column.Equals(name, StringComparison.OrdinalIgnoreCase)))
            .FirstOrDefault(column => column is not null);
}
