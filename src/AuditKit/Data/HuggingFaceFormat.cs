namespace AuditKit.Data;

/// <summary>
/// Hugging Face's image folder: <c>metadata.csv</c> or <c>metadata.jsonl</c> with a column <c>file_name</c>, beside the images or
/// in a folder a split. Where no column has the usual name of a label, an image's folder is its class.
/// </summary>
internal static class HuggingFaceFormat
{
    private const string PathColumn = "file_name";

    private static readonly string[] s_lists = ["metadata.csv", "metadata.jsonl"];

    public static DataFormat Description { get; } = new()
    {
        Name = "huggingface",
        Layout = "metadata.csv or metadata.jsonl with file_name, beside the images or in a folder a split",
        ReadsColumns = true,
        Recognises = location => (location.File is null || s_lists.Contains(location.File)) && Folders(location.Tree).Any(),
        FindSplits = location => Folders(location.Tree).Where(folder => folder.Length > 0),
        Open = Open,
    };

    private static ManifestDataset Open(DataLocation location, DataRequest request)
    {
        IFileTree tree = location.Tree;
        string[] folders = [.. Folders(tree)];
        string folder = folders is [var only] && (only.Length == 0 || request.Split is null) ? only
            : folders.Length == 0 ? throw new AuditException($"{tree.Path}: has no {s_lists[0]} or {s_lists[1]} with a column {PathColumn}.")
            : folders.FirstOrDefault(each => each.Length > 0 && each == request.Split) ?? throw new AuditException(
                $"{tree.Path}: has the splits {WordList.Of(folders)}{(request.Split is { } asked ? $", not '{asked}'" : "")}. Say which: split: {folders[0]}");
        (ImageList images, _) = Read(folder);
        string[] others = [.. folders.Where(other => other != folder).SelectMany(other => Read(other).List.OtherLabels)];
        return (images with { OtherLabels = [.. images.OtherLabels, .. others] }).Open(request, Description.Name, tree);

        (ImageList List, string File) Read(string from)
        {
            string file = List(tree, from)!;
            return (TableList.Of(tree, file, ListTable.Read(tree, file), request, splitsByFile: from.Length > 0, from, labelsByFolder: true), file);
        }
    }

    // The top, where it has a list; else the folders that have.
    private static IEnumerable<string> Folders(IFileTree tree)
        => List(tree, "") is not null ? [""] : tree.Folders("").Where(folder => List(tree, folder) is not null);

    private static string? List(IFileTree tree, string folder) => s_lists.Select(list => folder.Length == 0 ? list : $"{folder}/{list}")
        .FirstOrDefault(list => ListTable.Has(tree, list, PathColumn));
}
