using System.Globalization;
using System.Text.Json;

namespace AuditKit.Data;

/// <summary>
/// MAITE's terms as JSON (its protocol has data sets in memory alone): <c>index2label</c>, at the top or under <c>metadata</c>,
/// and <c>data</c>, a list of images with <c>file_name</c>, <c>target</c> (an index, a name, or a score a class, as MAITE has it)
/// and <c>metadata</c>, whose values are attributes.
/// </summary>
internal static class MaiteFormat
{
    private const string Names = "index2label", Metadata = "metadata";

    private static readonly string[] s_lists = ["data", "datums", "samples"];
    private static readonly string[] s_paths = ["file_name", "path", "file", "filename", "image", "input"];
    private static readonly string[] s_targets = ["target", "label", "class"];

    public static DataFormat Description { get; } = new()
    {
        Name = "maite",
        Layout = "a JSON file of index2label and data, a list of file_name, target and metadata",
        Recognises = location => Lists(location).Count() == 1,
        Open = Open,
    };

    private static ManifestDataset Open(DataLocation location, DataRequest request)
    {
        string list = location.File ?? Lists(location).FirstOrDefault()
            ?? throw new AuditException($"{location.Tree.Path}: has no JSON file with the keys {Names} and {s_lists[0]}.");
        string name = location.Tree.FullName(list);
        if (request.Split is { } split)
        {
            throw new AuditException($"{name}: has no splits; leave out split: {split}.");
        }

        ImageList images = JsonListFile.Read(location.Tree, list, root => Read(name, list, root));
        return images.Open(request, Description.Name, location.Tree);
    }

    private static IEnumerable<string> Lists(DataLocation location)
        => from key in new[] { Names, Metadata }
           from data in s_lists
           from list in JsonListFile.With(location, [""], key, data)
           group list by list into same
           select same.Key;

    private static ImageList Read(string name, string list, JsonElement root)
    {
        JsonElement names = JsonListFile.Value(root, Names) ?? (JsonListFile.Value(root, Metadata) is { } metadata ? JsonListFile.Value(metadata, Names) : null)
            ?? throw new AuditException($"{name}: has no '{Names}', such as {{\"0\": \"cat\", \"1\": \"dog\"}}.");
        string[] classes = Classes(name, names);
        JsonElement data = s_lists.Select(key => JsonListFile.Value(root, key)).FirstOrDefault(value => value is { ValueKind: JsonValueKind.Array })
            ?? throw new AuditException($"{name}: has no list '{s_lists[0]}' of images.");
        (JsonElement Item, string Where)[] images = [.. data.EnumerateArray().Select((item, i) => (item, $"{name}: image {i + 1}"))];
        Dictionary<string, string>[] values = [.. images.Select(image => Attributes(image.Item))];
        string[] attributes = [.. values.SelectMany(each => each.Keys).Distinct()];
        return new ImageList(name, [list], attributes, [.. images.Zip(values).Index().Select(entry => new ListEntry(
            name, entry.Index + 1, PathOf(entry.Item.First.Item, entry.Item.First.Where), Label(entry.Item.First.Item, classes, entry.Item.First.Where),
            [.. attributes.Select(attribute => entry.Item.Second.GetValueOrDefault(attribute, ""))]) { HasLine = false })])
        {
            Classes = classes,
        };
    }

    private static string[] Classes(string name, JsonElement names)
    {
        if (names.ValueKind == JsonValueKind.Array)
        {
            return [.. names.EnumerateArray().Select(JsonListFile.Text)];
        }

        Dictionary<string, string> byIndex = JsonListFile.Attributes(names);
        string[] indices = ClassOrder.Of(byIndex.Keys);
        return indices.Length > 0 && indices.Index().All(entry => entry.Item == entry.Index.ToString(CultureInfo.InvariantCulture))
            ? [.. indices.Select(index => byIndex[index])]
            : throw new AuditException($"{name}: the keys of '{Names}' must be 0 to the number of classes less 1; found {WordList.First(indices)}.");
    }

    private static Dictionary<string, string> Attributes(JsonElement image)
        => JsonListFile.Value(image, Metadata) is { } metadata ? JsonListFile.Attributes(metadata, "id", "file_name") : [];

    private static string PathOf(JsonElement image, string where)
        => s_paths.SelectMany(key => new[] { image, JsonListFile.Value(image, Metadata) ?? image }.Select(from => JsonListFile.Value(from, key)))
            .FirstOrDefault(value => value is { ValueKind: JsonValueKind.String }) is { } path
            ? JsonListFile.Text(path)
            : throw new AuditException($"{where}: has no '{s_paths[0]}'.");

    private static string Label(JsonElement image, string[] classes, string where)
    {
        JsonElement target = s_targets.Select(key => JsonListFile.Value(image, key)).FirstOrDefault(value => value is not null)
            ?? throw new AuditException($"{where}: has no '{s_targets[0]}'.");
        if (target.ValueKind != JsonValueKind.Array)
        {
            string text = JsonListFile.Text(target);
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < classes.Length && !classes.Contains(text)
                ? classes[index] : text;
        }

        double[] scores = [.. target.EnumerateArray().Select(score => score.ValueKind == JsonValueKind.Number ? score.GetDouble() : double.NaN)];
        double largest = scores.DefaultIfEmpty().Max();
        return scores.Length == classes.Length && !scores.Any(double.IsNaN) && scores.Count(score => score == largest) == 1
            ? classes[Array.IndexOf(scores, largest)]
            : throw new AuditException($"{where}: its target is {target.GetRawText()}; expected an index, a name, or {classes.Length} scores "
                + "of which one is the largest: an image has one class.");
    }
}
