using System.Globalization;
using System.Text.Json;

namespace AuditKit.Data;

/// <summary>
/// COCO's form of JSON (Lin et al. 2014): <c>images</c> (<c>id</c>, <c>file_name</c>), <c>annotations</c> (<c>image_id</c>,
/// <c>category_id</c>) and <c>categories</c> (<c>id</c>, <c>name</c>). Every image has annotations of one category, its class;
/// the classes are in the order of the categories' ids.
/// </summary>
internal static class CocoFormat
{
    // Those that describe the file, not the picture.
    private static readonly string[] s_noAttributes =
        ["id", "file_name", "width", "height", "license", "flickr_url", "coco_url", "url", "date_captured"];

    public static DataFormat Description { get; } = new()
    {
        Name = "coco",
        Layout = "a JSON file of images, annotations and categories, one category an image",
        Recognises = location => Lists(location).Any(),
        FindSplits = location => Lists(location).ToArray() is { Length: > 1 } several ? several.Select(SplitOf) : [],
        Open = Open,
    };

    private static ManifestDataset Open(DataLocation location, DataRequest request)
    {
        string[] lists = [.. Lists(location)];
        string list = lists switch
        {
            [] => location.File ?? throw new AuditException($"{location.Tree.Path}: has no JSON file with the keys images, annotations and categories."),
            [var only] => only,
            _ => lists.FirstOrDefault(each => SplitOf(each) == request.Split) ?? throw new AuditException(
                $"{location.Tree.Path}: has several lists of images, {WordList.Of(lists)}. Say which: split: {SplitOf(lists[0])}"),
        };
        return lists.Length == 1 && request.Split is { } split
            ? throw new AuditException($"{location.Tree.FullName(list)}: has no splits; leave out split: {split}.")
            : JsonListFile.Read(location.Tree, list, root => Read(location.Tree, list, root)).Open(request, Description.Name, location.Tree);
    }

    private static IEnumerable<string> Lists(DataLocation location)
        => JsonListFile.With(location, ["", "annotations"], "images", "annotations", "categories");

    private static string SplitOf(string list) => Path.GetFileNameWithoutExtension(list);

    private static ImageList Read(IFileTree tree, string list, JsonElement root)
    {
        string name = tree.FullName(list);
        Dictionary<string, string> categories = Categories(root, name);
        Dictionary<string, string> labels = Labels(root, name, categories);
        (JsonElement Item, int Number)[] images = [.. Items(root, "images", name)];
        string[] attributes = [.. images.SelectMany(image => JsonListFile.Attributes(image.Item, s_noAttributes).Keys).Distinct()];
        string? folder = null;
        var entries = new List<ListEntry>();
        foreach ((JsonElement image, int number) in images)
        {
            string path = Required(image, "file_name", $"{name}: image {number}");
            folder ??= FolderOf(tree, list, path);
            if (labels.GetValueOrDefault(Required(image, "id", $"{name}: image {number}")) is { } label)
            {
                Dictionary<string, string> values = JsonListFile.Attributes(image, s_noAttributes);
                entries.Add(new ListEntry(name, number, folder.Length == 0 || path.StartsWith('/') ? path : $"{folder}/{path}", label,
                    [.. attributes.Select(attribute => values.GetValueOrDefault(attribute, ""))])
                { HasLine = false });
            }
        }

        int left = images.Length - entries.Count;
        return new ImageList(name, [list], attributes, entries)
        {
            Classes = [.. categories.Values],
            Facts = left == 0 ? [] : [new Fact("Images left out", $"{NumberText.Count(left)} of {NumberText.Count(images.Length)}, which have no annotation")],
        };
    }

    // By id, in the order of the ids.
    private static Dictionary<string, string> Categories(JsonElement root, string name)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((JsonElement category, int number) in Items(root, "categories", name))
        {
            string where = $"{name}: category {number}";
            string id = Required(category, "id", where), title = Required(category, "name", where);
            if (names.ContainsValue(title) || !names.TryAdd(id, title))
            {
                throw new AuditException($"{where}: id {id} or name '{title}' is given twice.");
            }
        }

        return names.OrderBy(pair => long.TryParse(pair.Key, CultureInfo.InvariantCulture, out long id) ? id : long.MaxValue)
            .ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
    }

    private static Dictionary<string, string> Labels(JsonElement root, string name, Dictionary<string, string> categories)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((JsonElement annotation, int number) in Items(root, "annotations", name))
        {
            string where = $"{name}: annotation {number}";
            string image = Required(annotation, "image_id", where), id = Required(annotation, "category_id", where);
            string category = categories.GetValueOrDefault(id) ?? throw new AuditException($"{where}: category_id {id} is none of 'categories'.");
            if (!labels.TryAdd(image, category) && labels[image] != category)
            {
                throw new AuditException($"{where}: image {image} has annotations of several categories, '{labels[image]}' and '{category}'; a classifier is "
                    + "audited on images of one class each. Cut the objects out, a file an object, or leave such images out of the list.");
            }
        }

        return labels;
    }

    // Beside the list, at the top, or where exports put images.
    private static string FolderOf(IFileTree tree, string list, string path)
    {
        string own = Path.GetDirectoryName(list) ?? "";
        return new[] { own, "", "images", "data", SplitOf(list) }.Concat(tree.Folders(""))
            .FirstOrDefault(folder => tree.Contains(folder.Length == 0 ? path : $"{folder}/{path}")) ?? own;
    }

    private static IEnumerable<(JsonElement Item, int Number)> Items(JsonElement root, string key, string name)
        => JsonListFile.Value(root, key) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Select((item, i) => (item, i + 1))
            : throw new AuditException($"{name}: has no list '{key}'; expected images, annotations and categories, as COCO has them.");

    private static string Required(JsonElement item, string key, string where)
        => JsonListFile.Value(item, key) is { ValueKind: JsonValueKind.String or JsonValueKind.Number } value
            && JsonListFile.Text(value) is { Length: > 0 } text
            ? text
            : throw new AuditException($"{where}: has no '{key}'.");
}
