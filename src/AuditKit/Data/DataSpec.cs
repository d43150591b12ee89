using AuditKit.Yaml;

namespace AuditKit.Data;

/// <summary>
/// Which images to audit: <c>{ name: fashion-mnist, split: test }</c>, or
/// <c>{ path: ../images.zip, split: val }</c>, whose format is recognised or named, or a part of a recipe's data:
/// <c>{ recipe: recipe.yaml, part: held-out }</c>.
/// </summary>
public sealed record DataSpec
{
    private static readonly IntegerKey s_skip = new("skip", "How many of the first images are left out", 0, 0, int.MaxValue);
    private static readonly ChoiceKey<bool> s_followsLinks = YesOrNo("follow-links", "Whether links may lead out of the data's folder");
    private static readonly ChoiceKey<bool> s_cropsToRegion = YesOrNo("crop-to-region", "Whether images are cut to the regions that their list gives");

    /// <summary>The keys of its block.</summary>
    public static IReadOnlyList<SpecKey> Keys { get; } =
    [
        new TextKey("name", $"What reports call the data, or one of {string.Join(", ", DatasetCatalog.KnownNames)}"),
        new TextKey("path", "A folder, an archive or a file"),
        new ChoiceKey<string?>("format", "The format; absent, it is recognised", DatasetCatalog.Formats
            .ToDictionary(known => known, known => (string?)known), null),
        new TextKey("split", "The split; absent, the format's usual one, or all images"),
        new ListKey("classes", "Class names in the order of the model's outputs"),
        new TextKey("target", "Which of several labels is predicted"),
        new BlockKey("map", "Which class of this data is which class of the other: { car: automobile }"),
        new ChoiceKey<bool>("unmapped", "What becomes of images of other classes", new Dictionary<string, bool> { ["drop"] = true, ["refuse"] = false }, false),
        new IntegerKey("limit", "How many images, counted from the first that is not skipped", null, 1, int.MaxValue),
        new BlockKey("portion", "Part of each class, for data without a split", Portion.Keys),
        new BlockKey("spurious-background", "Coloured backgrounds that give the class away", SpuriousBackground.Keys),
        new IntegerKey("shuffle-labels", "The seed by which labels are dealt out at random, as a control; absent, they stay", null, 0, int.MaxValue),
        new TextKey("masks", "The folder or archive of the objects' masks"),
        ListColumns.Key,
        s_skip,
        s_followsLinks,
        s_cropsToRegion,
        .. RecipePart.Keys,
    ];

    /// <summary>
    /// A name of <see cref="DatasetCatalog.KnownNames"/>. Beside a path, what reports call the data; a known name brings the
    /// names of its classes too.
    /// </summary>
    public string? Name { get; private init; }

    /// <summary>The format of <see cref="Path"/>; null to recognise it, and for a known name.</summary>
    public string? Format { get; private init; }

    /// <summary>The full path of the folder, the archive or the file; null for a known name.</summary>
    public string? Path { get; private init; }

    /// <summary>The split; null for the format's usual one, or for all images.</summary>
    public string? Split { get; private init; }

    /// <summary>Class names in the order of the model's outputs; empty to take them from the data.</summary>
    public IReadOnlyList<string> Classes { get; private init; } = [];

    /// <summary>Which of several labels is predicted, such as an attribute of CelebA; null for the usual one.</summary>
    public string? Target { get; private init; }

    /// <summary>How the data's classes become others: those of <see cref="Classes"/>, or of the set that it is compared with; null for no change.</summary>
    public LabelMap? Map { get; private init; }

    /// <summary>How many of the first images are left out.</summary>
    public int Skip { get; private init; }

    /// <summary>How many images, counted from the first that is not skipped; null for all.</summary>
    public int? Limit { get; private init; }

    /// <summary>Part of each class, of which <see cref="Limit"/> then takes the first; null for all.</summary>
    public Portion? Portion { get; private init; }

    /// <summary>Coloured backgrounds that give the class away; null for none.</summary>
    public SpuriousBackground? SpuriousBackground { get; private init; }

    /// <summary>The seed by which labels are dealt out again at random, see <see cref="ShuffledLabelsDataset"/>; null to leave them.</summary>
    public int? ShuffledLabels { get; private init; }

    /// <summary>The full path of the folder or archive of the objects' masks; null to leave the backgrounds.</summary>
    public string? Masks { get; private init; }

    /// <summary>Which columns of a list hold what; null to find them by their usual names.</summary>
    public ListColumns? Columns { get; private init; }

    /// <summary>Whether links may lead out of the data's folder.</summary>
    public bool FollowsLinks { get; private init; }

    /// <summary>Whether images are cut to the regions that their list gives.</summary>
    public bool CropsToRegion { get; private init; }

    /// <summary>The part of a recipe's data that this is; null for data by name or path.</summary>
    public RecipePart? Part { get; private init; }

    /// <summary>Where it was read from.</summary>
    internal SpecPlace Place { get; private init; } = SpecPlace.None;

    /// <summary>The data at a path, all as it is.</summary>
    /// <param name="path">A folder, an archive or a file.</param>
    /// <param name="format">A name of <see cref="DatasetCatalog.Formats"/>; null to recognise it.</param>
    /// <param name="split">The split; null for the format's usual one, or for all images.</param>
    /// <exception cref="AuditException">There is no such format, or it has no such split.</exception>
    public static DataSpec At(string path, string? format = null, string? split = null)
    {
        var formats = DatasetCatalog.Formats;
        return format is not null && !formats.Contains(format)
            ? throw new AuditException($"'{format}' is not one of {string.Join(", ", formats)}.{Spelling.Nearest(format, formats)}")
            : new DataSpec { Path = System.IO.Path.GetFullPath(path), Format = format, Split = split };
    }

    /// <summary>The same data with class names in the order of a model's outputs.</summary>
    internal DataSpec With(IReadOnlyList<string> classes) => this with { Classes = classes };

    /// <summary>Reads the mapping <c>data</c> of a spec or a recipe. Nothing is opened yet.</summary>
    /// <param name="map">The mapping.</param>
    /// <param name="baseFolder">The spec's folder, which a relative path starts from.</param>
    /// <exception cref="AuditException">A key is unknown, missing or contradicts another.</exception>
    public static DataSpec Parse(SpecMap map, string baseFolder) => Parse(map, baseFolder, []);

    /// <summary>Reads the mapping <c>data</c> of a recipe that other recipes' data leads to.</summary>
    internal static DataSpec Parse(SpecMap map, string baseFolder, IReadOnlyList<string> leading)
    {
        ArgumentNullException.ThrowIfNull(map);
        if (RecipePart.Parse(map, baseFolder, leading) is { } part)
        {
            var partOfRecipe = new DataSpec { Part = part, Limit = LimitOf(map), Place = new SpecPlace(map) };
            map.Finish();
            return partOfRecipe;
        }

        var spec = new DataSpec
        {
            Name = map.OptionalText("name"),
            Format = map.Choice("format", DatasetCatalog.Formats.ToDictionary(known => known, known => (string?)known), null),
            Path = FullPath(map, "path", baseFolder),
            Split = map.OptionalText("split"),
            Classes = map.List("classes", []),
            Target = map.OptionalText("target"),
            Map = LabelMap.Parse(map),
            Limit = LimitOf(map),
            Portion = Portion.Parse(map.OptionalMap("portion")),
            SpuriousBackground = SpuriousBackground.Parse(map.OptionalMap("spurious-background")),
            ShuffledLabels = map.Has("shuffle-labels") ? map.Integer("shuffle-labels", null, 0, int.MaxValue) : null,
            Masks = FullPath(map, "masks", baseFolder),
            Columns = ListColumns.Parse(map.OptionalMap(ListColumns.Key.Key)),
            Skip = s_skip.Read(map),
            FollowsLinks = s_followsLinks.Read(map),
            CropsToRegion = s_cropsToRegion.Read(map),
            Place = new SpecPlace(map),
        };
        map.Finish();
        spec.Validate(map);
        return spec;
    }

    /// <summary>The same data but for the split, the path or the limit of a mapping: a recipe's <c>validation</c>.</summary>
    /// <param name="map">The mapping.</param>
    /// <param name="baseFolder">The folder which a relative path starts from.</param>
    /// <exception cref="AuditException">A key is unknown, or what comes out is this data again, or cannot be used.</exception>
    internal DataSpec Elsewhere(SpecMap map, string baseFolder)
    {
        if (Part is not null)
        {
            throw map.Error(map.Path, $"'{map.Path}' must be a share here: the training data is a part of another recipe's.");
        }

        string? path = FullPath(map, "path", baseFolder), split = map.OptionalText("split");
        DataSpec other = this with
        {
            Path = path ?? Path,
            Split = path is null ? split ?? Split : split,
            Limit = LimitOf(map),
            Skip = 0,
            Portion = null,
            Place = new SpecPlace(map),
        };
        map.Finish();
        other.Validate(map);
        return other.Path == Path && SplitOf(other) == SplitOf(this)
            ? throw map.Error(map.Path, $"'{map.Path}' is the training data itself, which says nothing of images that the model has not seen. "
                + "Name another split, or a share.")
            : other;

        static string? SplitOf(DataSpec spec) => DatasetCatalog.FormatOf(spec)?.SplitOf(spec.Split) ?? spec.Split;
    }

    private static string? FullPath(SpecMap map, string key, string baseFolder)
        => map.OptionalText(key) is { } path ? System.IO.Path.GetFullPath(path, System.IO.Path.GetFullPath(baseFolder)) : null;

    private static int? LimitOf(SpecMap map) => map.Has("limit") ? map.Integer("limit", null, 1, int.MaxValue) : null;

    /// <summary>What this entry makes of the files that it names, as text: with the files' digests it says which data it is.</summary>
    /// <remarks>Whether links are followed is no part of it: where they are not, data that has them is refused.</remarks>
    internal string Changes() => InvariantText.Join("\n", (object?[])
    [
        Format, Split, string.Join(", ", Classes), Target, Limit, SpuriousBackground, Masks is not null, Columns, CropsToRegion,
        Map?.DropsUnmapped, string.Join(", ", (Map?.Names ?? new Dictionary<string, string>()).OrderBy(name => name.Key, StringComparer.Ordinal)),
    ])
        + (Portion is null ? "" : $"\n{Portion}")
        + (Skip == 0 ? "" : $"\nwithout the first {Skip}") + (ShuffledLabels is { } seed ? $"\nlabels shuffled by {seed}" : "")
        + (Part is null ? "" : $"\n{Part.Changes()}");

    private static ChoiceKey<bool> YesOrNo(string key, string description)
        => new(key, description, new Dictionary<string, bool> { ["true"] = true, ["false"] = false }, false);

    private void Validate(SpecMap map)
    {
        if (Path is null && Format is not null)
        {
            throw map.Error("format", $"'{map.Path}' has 'format' but no 'path'.");
        }

        if (Path is null && (Name is null || !DatasetCatalog.KnownNames.Contains(Name)))
        {
            string known = string.Join(", ", DatasetCatalog.KnownNames);
            throw map.Error("name", Name is null
                ? $"'{map.Path}' needs a 'name' ({known}), or a 'path'."
                : $"'{Name}' is not a known data set ({known}).{Spelling.Nearest(Name, DatasetCatalog.KnownNames)} For data of your own give a 'path'.");
        }

        if (Classes.Distinct().Count() < Classes.Count)
        {
            throw map.Error("classes", $"'{map.Path}.classes' has a name twice.");
        }

        if (DatasetCatalog.FormatOf(this) is { } format)
        {
            CheckAgainst(format);
        }
    }

    /// <summary>Refuses what a format has not: a split, class names of one's own, a target.</summary>
    /// <exception cref="AuditException">The format has it not.</exception>
    internal void CheckAgainst(DataFormat format)
    {
        if (Split is { } split && format.Splits.Count > 0 && !format.Splits.Contains(split))
        {
            throw Place.Error(["split"], Place.Named("split") + DataFormat.NoSplit(split, format.Splits));
        }

        if (Classes.Count > 0 && Map is null && (format.FixedClasses || Path is null))
        {
            (string title, IReadOnlyList<string> fixedClasses) = Path is null ? DatasetCatalog.Title(Name!) : (format.Name, []);
            string which = fixedClasses.Count == 0 ? "" : $" ({WordList.First(fixedClasses)})";
            throw Place.Error(["classes"], $"{title}'s classes are fixed{which}. To use some of them, write 'unmapped: drop' beside their names; to rename or join "
                + "them, 'map'.");
        }

        if (Target is not null && format.Target is null)
        {
            throw Place.Error(["target"], $"data of format {format.Name} has one label an image; leave out 'target'.");
        }

        if (Columns is not null && !format.ReadsColumns)
        {
            throw Place.Error([ListColumns.Key.Key], $"data of format {format.Name} has no list whose columns could be named; leave out 'columns'.");
        }

        if (CropsToRegion && !format.HasRegions)
        {
            throw Place.Error([s_cropsToRegion.Key], $"data of format {format.Name} has no regions; leave out 'crop-to-region'.");
        }
    }
}
