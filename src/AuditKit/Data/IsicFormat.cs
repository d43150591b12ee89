namespace AuditKit.Data;

/// <summary>
/// Skin lesions: HAM10000 (Tschandl, Rosendahl and Kittler 2018), whose <c>HAM10000_metadata.csv</c> has a column
/// <c>image_id</c>, the diagnosis <c>dx</c> and attributes; and the ISIC challenges, whose <c>…GroundTruth.csv</c> has a
/// column <c>image</c> and one of 0 and 1 a diagnosis, beside it perhaps a <c>…Metadata.csv</c> with attributes. Images
/// are found by name in the folder and those below it.
/// </summary>
internal static class IsicFormat
{
    private const string HamId = "image_id", HamLabel = "dx", ChallengeId = "image";
    private const string TruthSuffix = "GroundTruth.csv", MetadataSuffix = "Metadata.csv";

    private static readonly string[] Extensions = [".jpg", ".png", ".JPG", ".jpeg"];

    public static DataFormat Description { get; } = new()
    {
        Name = "isic",
        Layout = "HAM10000_metadata.csv (image_id, dx) or an ISIC challenge's …GroundTruth.csv, and folders of images",
        Recognises = location => Lists(location).Count() == 1,
        Open = (location, request) => Open(
            location.Tree,
            Lists(location).FirstOrDefault() ?? throw new AuditException($"{location.Tree.Path}: has no CSV file with {HamId} and "
                + $"{HamLabel}, and no …{TruthSuffix}."),
            request),
    };

    private static IEnumerable<string> Lists(DataLocation location)
        => (location.File is { } file ? [file] : location.Tree.Files("")).Where(list =>
            ListTable.Has(location.Tree, list, HamId, HamLabel)
            || (list.EndsWith(TruthSuffix, StringComparison.Ordinal) && ListTable.Has(location.Tree, list, ChallengeId)));

    private static ManifestDataset Open(IFileTree tree, string list, DataRequest request)
    {
        if (request.Split is not null)
        {
            throw new AuditException($"{tree.FullName(list)}: has no splits; leave out data.split, or list the images of '{request.Split}' in a manifest.");
        }

        bool isHam = ListTable.Has(tree, list, HamId, HamLabel);
        var table = ListTable.Read(tree, list, isHam ? [HamId, HamLabel] : [ChallengeId]);
        int id = table.Column(isHam ? HamId : ChallengeId);
        string[] found = isHam
            ? ClassOrder.Of(table.Rows.Select(row => row.Cells[table.Column(HamLabel)]))
            : [.. table.Header.Where(column => column != ChallengeId)];
        IReadOnlyList<string> classes = request.Classes.Count > 0 ? request.Classes : found;
        ListTable? metadata = isHam ? table : ReadMetadata(tree);
        string[] attributes = [.. metadata?.Header.Where(column => column is not (HamId or HamLabel or ChallengeId)) ?? []];
        int[] columns = [.. attributes.Select(attribute => metadata!.Column(attribute))];
        Dictionary<string, ListTable.Row> described = metadata is null ? [] : ById(metadata, metadata.Column(isHam ? HamId : ChallengeId));
        Dictionary<string, string> paths = Images(tree);

        var images = new List<ListedImage>();
        foreach ((string name, ListTable.Row row) in ById(table, id))
        {
            string diagnosis = isHam ? row.Cells[table.Column(HamLabel)] : OneOf(table, row, id);
            int label = classes.Index().Where(entry => entry.Item == diagnosis).Select(entry => entry.Index).DefaultIfEmpty(-1).First();
            if (label < 0)
            {
                throw new AuditException($"{table.At(row)}: the diagnosis '{diagnosis}' is none of {string.Join(", ", classes)}.");
            }

            images.Add(new(
                paths.TryGetValue(name, out string? path) ? tree.Resolve(path, table.At(row))
                    : throw new AuditException($"{table.At(row)}: there is no image '{name}' in {tree.Path}."),
                label,
                metadata is null ? []
                    : described.TryGetValue(name, out ListTable.Row values) ? [.. columns.Select(column => values.Cells[column])]
                    : throw new AuditException($"{metadata.Name}: has no line for '{name}', which {list} lists.")));
        }

        return images.Count > 0
            ? new ManifestDataset(request.Name, Description.Name, tree, metadata is null || isHam ? [list]
                : [list, Metadata(tree)!], images, classes, attributes)
            : throw new AuditException($"{table.Name}: lists no image.");
    }

    private static string? Metadata(IFileTree tree) => tree.Files("").Where(file => file.EndsWith(MetadataSuffix, StringComparison.Ordinal))
        .ToArray() is [var only] ? only : null;

    private static ListTable? ReadMetadata(IFileTree tree) => Metadata(tree) is { } file ? ListTable.Read(tree, file, ChallengeId) : null;

    private static Dictionary<string, ListTable.Row> ById(ListTable table, int id)
    {
        var rows = new Dictionary<string, ListTable.Row>(StringComparer.Ordinal);
        foreach (ListTable.Row row in table.Rows)
        {
            if (!rows.TryAdd(row.Cells[id], row))
            {
                throw new AuditException($"{table.At(row)}: '{row.Cells[id]}' is listed before, on line {rows[row.Cells[id]].Line}; an image "
                    + "may be listed once.");
            }
        }

        return rows;
    }

    // The column that has a 1.
    private static string OneOf(ListTable table, ListTable.Row row, int id)
    {
        int[] ones = [.. Enumerable.Range(0, row.Cells.Length).Where(column => column != id && row.Cells[column] is ("1" or "1.0"))];
        bool others = row.Cells.Where((cell, column) => column != id && cell is not ("1" or "1.0" or "0" or "0.0")).Any();
        return ones is [var one] && !others ? table.Header[one] : throw new AuditException($"{table.At(row)}: expected one 1 among the "
            + "diagnoses, and 0 for all others.");
    }

    private static Dictionary<string, string> Images(IFileTree tree)
    {
        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string folder in tree.Folders("").Prepend(""))
        {
            foreach (string file in tree.Files(folder).Where(file => Extensions.Contains(Path.GetExtension(file))))
            {
                string path = folder.Length == 0 ? file : $"{folder}/{file}";
                if (!paths.TryAdd(Path.GetFileNameWithoutExtension(file), path))
                {
                    throw new AuditException($"{tree.FullName(path)}: there is an image of this name elsewhere, too: "
                        + $"{paths[Path.GetFileNameWithoutExtension(file)]}.");
                }
            }
        }

        return paths;
    }
}
