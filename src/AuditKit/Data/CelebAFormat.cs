using System.Text;
using AuditKit.Yaml;

namespace AuditKit.Data;

/// <summary>
/// CelebA (Liu, Luo, Wang and Tang 2015): <c>list_attr_celeba.txt</c> (the number of images, the names of 40 attributes,
/// then a line an image with 1 or −1 for each), <c>list_eval_partition.txt</c> (0 train, 1 val, 2 test) and the images
/// in <c>img_align_celeba</c>. The target is an attribute; all others are attributes, <c>yes</c> or <c>no</c>.
/// </summary>
internal static class CelebAFormat
{
    private const string AttributeFile = "list_attr_celeba.txt", PartitionFile = "list_eval_partition.txt", ImageFolder = "img_align_celeba";

    // The target of the papers on group robustness, which is confounded with sex.
    private const string UsualTarget = "Blond_Hair";

    private const long MaxListSize = 1 << 28;

    // Folders that the published archives have around lists and images.
    private static readonly string[] ListFolders = ["", "Anno", "Eval"], ImageFolders = [ImageFolder, $"Img/{ImageFolder}", $"{ImageFolder}/{ImageFolder}"];

    private static readonly string[] Splits = ["train", "val", "test"];

    public static DataFormat Description { get; } = new()
    {
        Name = "celeba",
        Layout = $"{AttributeFile}, {PartitionFile} and {ImageFolder}",
        Splits = Splits,
        DefaultSplit = "test",
        FixedClasses = true,
        Target = $"the attribute to predict (the default: {UsualTarget})",
        Recognises = location => location.File is null && Find(location.Tree, AttributeFile) is not null,
        Open = (location, request) => Open(location.Tree, request),
    };

    private static ManifestDataset Open(IFileTree tree, DataRequest request)
    {
        string attributeFile = Find(tree, AttributeFile) ?? throw Missing(tree, AttributeFile);
        string partitionFile = Find(tree, PartitionFile) ?? throw Missing(tree, PartitionFile);
        string folder = ImageFolders.FirstOrDefault(candidate => tree.Files(candidate).Count > 0) ?? throw Missing(tree, ImageFolder);
        string partition = $"{Array.IndexOf(Splits, request.Split)}";
        var chosen = new HashSet<string>(StringComparer.Ordinal);
        foreach ((int line, string[] words) in Lines(tree, partitionFile))
        {
            if (words is not [var image, "0" or "1" or "2"])
            {
                throw new AuditException($"{tree.FullName(partitionFile)}:{line}: expected an image's name and 0, 1 or 2.");
            }

            if (words[1] == partition)
            {
                chosen.Add(image);
            }
        }

        string[] names = Lines(tree, attributeFile).Skip(1).Select(line => line.Words).FirstOrDefault()
            ?? throw new AuditException($"{tree.FullName(attributeFile)}: has no line of attributes' names.");
        string target = request.Target ?? UsualTarget;
        int label = Array.IndexOf(names, target);
        if (label < 0)
        {
            throw new AuditException(
                $"{tree.FullName(attributeFile)}: there is no attribute '{target}' to be data.target.{Spelling.Nearest(target, names)} There "
                    + $"are {string.Join(", ", names)}.");
        }

        var images = new List<ListedImage>();
        foreach ((int line, string[] words) in Lines(tree, attributeFile).Skip(2))
        {
            string where = $"{tree.FullName(attributeFile)}:{line}";
            if (words.Length != names.Length + 1 || words.Skip(1).FirstOrDefault(word => word is not ("1" or "-1")) is not null)
            {
                throw new AuditException($"{where}: expected an image's name and {names.Length} values of 1 or -1.");
            }

            if (chosen.Remove(words[0]))
            {
                string[] values = [.. words.Skip(1).Where((_, i) => i != label).Select(word => word == "1" ? "yes" : "no")];
                images.Add(new(tree.Resolve($"{folder}/{words[0]}", where), words[label + 1] == "1" ? 1 : 0, values));
            }
        }

        return chosen.Count > 0 ? throw new AuditException($"{tree.FullName(attributeFile)}: has no line for {chosen.First()}, which {PartitionFile} lists.")
            : images.Count == 0 ? throw new AuditException($"{tree.FullName(partitionFile)}: lists no image of split '{request.Split}'.")
            : new ManifestDataset(
                request.Name, Description.Name, tree, [attributeFile, partitionFile], images, [$"not {target}", target],
                    [.. names.Where(name => name != target)]);
    }

    private static string? Find(IFileTree tree, string file)
        => ListFolders.Select(folder => folder.Length == 0 ? file : $"{folder}/{file}").FirstOrDefault(tree.Contains);

    private static IEnumerable<(int Line, string[] Words)> Lines(IFileTree tree, string file)
        => Encoding.UTF8.GetString(tree.Read(file, MaxListSize)).Split('\n').Index()
            .Select(line => (line.Index + 1, line.Item.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))
            .Where(line => line.Item2.Length > 0);

    private static AuditException Missing(IFileTree tree, string what) => new($"{tree.Path}: has no {what}.");
}
