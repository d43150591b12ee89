namespace AuditKit.Data;

/// <summary>
/// Caltech-101 (Fei-Fei, Fergus, Perona 2004) and Caltech-256 (Griffin, Holub, Perona 2007): a folder a class, those
/// of the latter numbered (<c>001.ak47</c>), in <c>101_ObjectCategories</c> or <c>256_ObjectCategories</c>. The
/// clutter class is no class of objects and left out, as papers do; so are the stray folders and files that the
/// published archives have in a few classes.
/// </summary>
internal static class CaltechFormat
{
    private static readonly string[] Clutter = ["BACKGROUND_Google", "257.clutter"];

    private static readonly FolderLayout Layout = new() { Format = "caltech", ClassOf = ClassOf, SkipsOthers = true };

    public static DataFormat Description { get; } = new()
    {
        Name = "caltech",
        Layout = "the class folders of Caltech-101 or Caltech-256, BACKGROUND_Google or 257.clutter among them",
        Recognises = location => location.File is null && location.Tree.Folders(Top(location.Tree)).Any(Clutter.Contains),
        Open = (location, request) => FolderDataset.Open(
            Top(location.Tree) is { Length: > 0 } top ? location.Tree.Within(top) : location.Tree, request.Split, request.Name, request.Classes, Layout),
    };

    private static string Top(IFileTree tree) => tree.Folders("")
        .FirstOrDefault(folder => folder.EndsWith("_ObjectCategories", StringComparison.Ordinal)) ?? "";

    // "001.ak47" is ak47.
    private static string? ClassOf(string folder) => Clutter.Contains(folder) ? null
        : folder.Length > 4 && folder[3] == '.' && folder.Take(3).All(char.IsAsciiDigit) ? folder[4..]
        : folder;
}
