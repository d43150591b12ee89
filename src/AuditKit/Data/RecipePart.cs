using AuditKit.Yaml;

namespace AuditKit.Data;

/// <summary>What a recipe keeps back, or what it learns from: <c>data: { recipe: recipe.yaml, part: held-out }</c>.</summary>
/// <param name="Split">The recipe's data, and how it is split.</param>
/// <param name="IsHeldOut">Whether the part is the one that is kept back.</param>
public sealed record RecipePart(TrainingSplit Split, bool IsHeldOut)
{
    private static readonly TextKey s_recipe = new("recipe", "A training recipe, a part of whose data this is");
    private static readonly ChoiceKey<bool> s_part = new(
        "part", "Which part of the recipe's data", new Dictionary<string, bool> { ["held-out"] = true, ["training"] = false }, true);
    private static readonly NumberKey s_seed = new("seed", "The seed that the recipe was trained with, where it is not the one written there", null, 0,
        long.MaxValue);

    /// <summary>The keys of its block.</summary>
    internal static IReadOnlyList<SpecKey> Keys { get; } = [s_recipe, s_part, s_seed];

    /// <summary>Reads the keys; null where no recipe is named.</summary>
    /// <param name="map">The data entry.</param>
    /// <param name="folder">The folder that a relative path starts from.</param>
    /// <param name="leading">The recipes whose data led here.</param>
    /// <exception cref="AuditException">The recipe cannot be read, or its data leads back to itself.</exception>
    internal static RecipePart? Parse(SpecMap map, string folder, IReadOnlyList<string> leading)
    {
        if (s_recipe.Read(map) is not { } path)
        {
            SpecKey? alone = new SpecKey[] { s_part, s_seed }.FirstOrDefault(key => map.Has(key.Key));
            return alone is null ? null : throw map.Error(alone.Key, $"'{map.Path}' has '{alone.Key}' but no 'recipe'.");
        }

        string file = Path.GetFullPath(path, Path.GetFullPath(folder));
        if (leading.Contains(file))
        {
            throw map.Error(s_recipe.Key, $"the data of {file} leads back to this recipe.");
        }

        var recipe = SpecMap.Parse(file, SpecMap.ReadFile(file));
        if (SpecKind.Audit.IsOf(recipe))
        {
            throw map.Error(s_recipe.Key, $"{file} is the spec of an audit, by which nothing was trained or kept back. Name the recipe.");
        }

        var split = TrainingSplit.Parse(recipe, Path.GetDirectoryName(file)!, [.. leading, file]);
        return new RecipePart(map.Has(s_seed.Key) ? split with { Seed = map.Long(s_seed.Key, null, 0, long.MaxValue) } : split, s_part.Read(map));
    }

    /// <summary>Opens the part.</summary>
    /// <exception cref="AuditException">The data cannot be opened, a group has too few images to hold one back, or a class to learn from.</exception>
    internal IDataset Open() => Split.Open(IsHeldOut);

    /// <summary>What the part is of the files that it is read from, as text: what a recipe says beside changes nothing here.</summary>
    internal string Changes()
    {
        string part = Split.Validation is { } validation
            ? (IsHeldOut ? validation : Split.Data).Changes()
            : InvariantText.Join("\n", (object?[])[IsHeldOut, Split.Share, Split.Seed, Split.GroupAttribute, Split.Data.Changes()]);
        return IsHeldOut || Split.PerClass is not { } few ? part : $"{part}\nper class {few}, seed {Split.Seed}";
    }
}
