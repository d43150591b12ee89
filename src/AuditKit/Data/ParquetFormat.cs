using System.Text.RegularExpressions;

namespace AuditKit.Data;

/// <summary>
/// Parquet files with the images in them, as Hugging Face publishes data sets: a column of images (bytes, or a structure of
/// <c>bytes</c> and <c>path</c>), one of labels, any others as attributes. A split is the files whose names begin with it
/// (<c>test-00000-of-00002.parquet</c>), at the top or in a folder <c>data</c>.
/// </summary>
internal static partial class ParquetFormat
{
    public static DataFormat Description { get; } = new()
    {
        Name = "parquet",
        Layout = ".parquet files with a column of images and one of labels",
        ReadsColumns = true,
        Recognises = location => Files(location).Any(),
        FindSplits = location => Files(location).Select(SplitOf).Distinct().Order(StringComparer.Ordinal),
        Open = Open,
    };

    private static ManifestDataset Open(DataLocation location, DataRequest request)
    {
        string[] files = [.. Files(location)];
        string[] splits = [.. files.Select(SplitOf).Distinct()];
        string split = request.Split ?? (splits is [var only] ? only : "");
        string[] chosen = [.. files.Where(file => SplitOf(file) == split).Order(StringComparer.Ordinal)];
        if (chosen.Length == 0)
        {
            throw new AuditException(files.Length == 0 ? $"{location.Tree.Path}: has no .parquet file."
                : $"{location.Tree.Path}: has the splits {WordList.Of(splits)}{(request.Split is null ? "" : $", not '{split}'")}. Say "
                    + $"which: split: {splits[0]}");
        }

        var tree = new ParquetTree(location.Tree, chosen);
        try
        {
            ManifestDataset data = ParquetList.Read(location.Tree, chosen, request.Columns, tree).Open(request, Description.Name, tree);
            // The images are in a file of their own now.
            location.Dispose();
            return data;
        }
        catch
        {
            tree.Dispose();
            throw;
        }
    }

    private static IEnumerable<string> Files(DataLocation location) => (location.File is { } file ? [file]
        : location.Tree.Files("").Concat(location.Tree.Files("data").Select(name => $"data/{name}")))
        .Where(name => name.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase));

    // "data/test-00000-of-00002.parquet" is of test.
    private static string SplitOf(string file) => Shard().Replace(Path.GetFileNameWithoutExtension(file), "");

    [GeneratedRegex(@"-\d+-of-\d+$")]
    private static partial Regex Shard();
}
