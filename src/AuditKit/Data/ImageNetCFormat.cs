namespace AuditKit.Data;

/// <summary>
/// ImageNet-C and Tiny ImageNet-C (Hendrycks and Dietterich 2019): <c>corruption/severity/class/image</c>, often below
/// a folder a family (<c>noise</c>, <c>blur</c> …). A corruption with a severity is a split: <c>gaussian_noise/3</c>.
/// </summary>
internal static class ImageNetCFormat
{
    private static readonly FolderLayout Layout = FolderLayout.Plain with { Format = "imagenet-c" };

    public static DataFormat Description { get; } = new()
    {
        Name = "imagenet-c",
        Layout = "corruption/severity/class/image, with the severities 1 to 5",
        Recognises = location => location.File is null && Corruptions(location.Tree).Any(),
        FindSplits = location => Splits(location.Tree),
        Open = (location, request) => FolderDataset.Open(location.Tree, Split(location.Tree, request.Split), request.Name, request.Classes, Layout),
    };

    private static string Split(IFileTree tree, string? asked)
    {
        string[] all = [.. Splits(tree)];
        return all.FirstOrDefault(split => asked is not null && (split == asked || split.EndsWith('/' + asked, StringComparison.Ordinal)))
            ?? throw new AuditException(
                $"{tree.Path}: name a corruption and a severity as data.split, such as "
                    + $"{all.FirstOrDefault("gaussian_noise/3")}{(asked is null ? "" : $"; there is no '{asked}'")}.");
    }

    private static IEnumerable<string> Splits(IFileTree tree)
        => Corruptions(tree).SelectMany(corruption => tree.Folders(corruption).Select(severity => $"{corruption}/{severity}"));

    private static IEnumerable<string> Corruptions(IFileTree tree)
    {
        string[] tops = [.. tree.Folders("")];
        return tops.Concat(tops.SelectMany(top => tree.Folders(top).Select(inner => $"{top}/{inner}")))
            .Where(folder => tree.Folders(folder) is { Count: >= 1 and <= 5 } inner && inner.All(name => name is [>= '1' and <= '5']));
    }
}
