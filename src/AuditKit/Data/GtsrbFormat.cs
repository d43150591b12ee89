namespace AuditKit.Data;

/// <summary>
/// The German Traffic Sign Recognition Benchmark (Stallkamp et al. 2011) as its training images are published: a folder a class, in
/// each a list <c>GT-00000.csv</c>, cut by semicolons, with <c>Filename</c>, <c>ClassId</c> and the sign's region <c>Roi.X1</c> to
/// <c>Roi.Y2</c>. The test images have one list of the same columns, which is a manifest.
/// </summary>
internal static class GtsrbFormat
{
    private const string PathColumn = "Filename", LabelColumn = "ClassId";

    public static DataFormat Description { get; } = new()
    {
        Name = "gtsrb",
        Layout = "class folders of the German traffic signs, each with its GT-….csv",
        HasRegions = true,
        Recognises = location => location.File is null && Lists(location.Tree).Any(),
        Open = (location, request) => Open(location.Tree, request),
    };

    private static ManifestDataset Open(IFileTree tree, DataRequest request)
    {
        if (request.Split is not null)
        {
            throw new AuditException($"{tree.Path}: has no splits; leave out data.split, and let data.path lead to the images of one.");
        }

        ImageList[] lists = [.. Lists(tree).Select(list => TableList.Of(
            tree, list, ListTable.Read(tree, list, PathColumn, LabelColumn), request with { Columns = new(PathColumn, LabelColumn) },
                folder: Path.GetDirectoryName(list)!))];
        return lists.Length == 0 ? throw new AuditException($"{tree.Path}: has no folders with a list GT-….csv of {PathColumn} and {LabelColumn}.")
            : lists.FirstOrDefault(list => !list.Attributes.SequenceEqual(lists[0].Attributes)) is { } other
            ? throw new AuditException($"{other.Name}: has other columns than {lists[0].Name}: {string.Join(", ", other.Attributes)}.")
            : new ImageList(tree.Path, [.. lists.SelectMany(list => list.Files)], lists[0].Attributes, [.. lists.SelectMany(list => list.Entries)])
                .Open(request, Description.Name, tree);
    }

    private static IEnumerable<string> Lists(IFileTree tree)
        => tree.Folders("").Select(folder => $"{folder}/GT-{folder}.csv").Where(list => ListTable.Has(tree, list, PathColumn, LabelColumn));
}
