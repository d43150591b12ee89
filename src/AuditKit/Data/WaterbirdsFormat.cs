namespace AuditKit.Data;

/// <summary>
/// Waterbirds (Sagawa, Koh, Hashimoto and Liang 2020): birds on backgrounds that mostly, but not always, suit them.
/// <c>metadata.csv</c> lists <c>img_filename</c>, <c>y</c> (0 landbird, 1 waterbird), <c>place</c> (0 land, 1 water)
/// and <c>split</c> (0 train, 1 val, 2 test). The attribute is <c>place</c>.
/// </summary>
internal static class WaterbirdsFormat
{
    private const string List = "metadata.csv", PathColumn = "img_filename", LabelColumn = "y", PlaceColumn = "place", SplitColumn = "split";

    private static readonly string[] Classes = ["landbird", "waterbird"], Places = ["land", "water"], Splits = ["train", "val", "test"];

    public static DataFormat Description { get; } = new()
    {
        Name = "waterbirds",
        Layout = "images and metadata.csv with img_filename, y, place and split",
        Splits = Splits,
        DefaultSplit = "test",
        FixedClasses = true,
        Recognises = location => location.File is null or List && ListTable.Has(location.Tree, List, PathColumn, LabelColumn, PlaceColumn, SplitColumn),
        Open = (location, request) => Open(location.Tree, request),
    };

    private static ManifestDataset Open(IFileTree tree, DataRequest request)
    {
        var table = ListTable.Read(tree, List, PathColumn, LabelColumn, PlaceColumn, SplitColumn);
        int Code(ListTable.Row row, string column, int count)
        {
            string cell = row.Cells[table.Column(column)];
            return cell is [>= '0' and var digit] && digit - '0' < count
                ? digit - '0'
                : throw new AuditException($"{table.At(row)}: {column} is '{cell}', outside 0 to {count - 1}.");
        }

        var images = new List<ListedImage>();
        foreach (ListTable.Row row in table.Rows)
        {
            if (Splits[Code(row, SplitColumn, Splits.Length)] == request.Split)
            {
                images.Add(new(
                    tree.Resolve(row.Cells[table.Column(PathColumn)], table.At(row)),
                    Code(row, LabelColumn, Classes.Length),
                    [Places[Code(row, PlaceColumn, Places.Length)]]));
            }
        }

        return images.Count > 0
            ? new ManifestDataset(request.Name, Description.Name, tree, [List], images, Classes, [PlaceColumn])
            : throw new AuditException($"{table.Name}: lists no image of split '{request.Split}'.");
    }
}
