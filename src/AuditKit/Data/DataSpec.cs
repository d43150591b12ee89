using AuditKit.Specs;

namespace AuditKit.Data;

/// <summary>
/// Which images to audit: <c>{ name: fashion-mnist, split: test }</c>, or
/// <c>{ format: folder, path: ../images, split: val }</c>.
/// </summary>
public sealed record DataSpec
{
    /// <summary>A name of <see cref="DatasetCatalog.KnownNames"/>; beside format and path, what reports call the data.</summary>
    public string? Name { get; private init; }

    /// <summary>The format of <see cref="Path"/>; null for a known name.</summary>
    public string? Format { get; private init; }

    /// <summary>The full path of the folder, or of the manifest's CSV file; null for a known name.</summary>
    public string? Path { get; private init; }

    /// <summary>The split; null for all of a folder or a manifest. IDX and CIFAR-10 default to <c>test</c>.</summary>
    public string? Split { get; private init; }

    /// <summary>Class names in the order of the model's outputs; empty to take them from the data.</summary>
    public IReadOnlyList<string> Classes { get; private init; } = [];

    /// <summary>How many images, counted from the first; null for all.</summary>
    public int? Limit { get; private init; }

    /// <summary>Reads the mapping <c>data</c> of a spec or a recipe. Nothing is opened yet.</summary>
    /// <param name="map">The mapping.</param>
    /// <param name="baseFolder">The spec's folder, which a relative path starts from.</param>
    /// <exception cref="AuditException">A key is unknown, missing or contradicts another.</exception>
    public static DataSpec Parse(SpecMap map, string baseFolder)
    {
        ArgumentNullException.ThrowIfNull(map);
        string? name = map.OptionalText("name");
        string? split = map.OptionalText("split");
        string? format = map.Choice("format", DatasetCatalog.Formats.ToDictionary(known => known, known => (string?)known), null);
        string? path = map.OptionalText("path");
        IReadOnlyList<string> classes = map.List("classes", []);
        int? limit = map.Has("limit") ? map.Integer("limit", null, 1, int.MaxValue) : null;
        map.Finish();

        if ((format is null) != (path is null))
        {
            (string given, string missing) = format is null ? ("path", "format") : ("format", "path");
            throw map.Error(given, $"'{map.Path}' has '{given}' but no '{missing}'. Formats: {string.Join(", ", DatasetCatalog.Formats)}.");
        }

        if (format is null && (name is null || !DatasetCatalog.KnownNames.Contains(name)))
        {
            string known = string.Join(", ", DatasetCatalog.KnownNames);
            throw map.Error("name", name is null
                ? $"'{map.Path}' needs a 'name' ({known}), or 'format' and 'path'."
                : $"'{name}' is not a known data set ({known}).{SpecMap.Nearest(name, DatasetCatalog.KnownNames)} For data of your own give 'format' and 'path'.");
        }

        bool fixedSplits = format is null or "idx" or "cifar-10";
        if (fixedSplits && split is not (null or "train" or "test"))
        {
            throw map.Error("split", $"'{split}' is not one of train, test.");
        }

        if (classes.Count > 0 && (format is null or "cifar-10"))
        {
            throw map.Error("classes", $"the class names of {format ?? name} are fixed; leave out 'classes'.");
        }

        return classes.Distinct().Count() < classes.Count
            ? throw map.Error("classes", $"'{map.Path}.classes' has a name twice.")
            : new DataSpec
            {
                Name = name,
                Format = format,
                Path = path is null ? null : System.IO.Path.GetFullPath(path, System.IO.Path.GetFullPath(baseFolder)),
                Split = split ?? (fixedSplits ? "test" : null),
                Classes = classes,
                Limit = limit,
            };
    }
}
