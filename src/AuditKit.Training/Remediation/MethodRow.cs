using AuditKit.Yaml;

namespace AuditKit.Training.Remediation;

/// <summary>One method of a table.</summary>
/// <param name="Name">The row's heading.</param>
/// <param name="Set">What it changes in the recipe, <c>key=value</c>.</param>
/// <param name="AuditSet">What it changes in the audit, <c>key=value</c>: how its model takes images, say.</param>
/// <param name="Published">Published figures by the column's heading, as the source prints them.</param>
public sealed record MethodRow(string Name, IReadOnlyList<string> Set, IReadOnlyList<string> AuditSet, IReadOnlyDictionary<string, string> Published)
{
    /// <summary>
    /// The settings that are tried, each as further assignments to the recipe, one of which is chosen on validation images; a
    /// single one without assignments where there is nothing to choose.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<string>> Settings { get; init; } = [[]];

    /// <summary>The variation of the table that the row belongs to; empty where there is none.</summary>
    public string Variation { get; private init; } = "";

    /// <summary>The method's name, which its rows in all variations share.</summary>
    public string Method { get => field ?? Name; private init; }

    /// <summary>The same method in a variation.</summary>
    /// <param name="name">The variation's name.</param>
    /// <param name="set">What it changes in the recipe, before the method does.</param>
    /// <param name="auditSet">What it changes in the audit, before the method does.</param>
    internal MethodRow In(string name, IReadOnlyList<string> set, IReadOnlyList<string> auditSet)
        => this with { Name = $"{name}: {Name}", Method = Name, Variation = name, Set = [.. set, .. Set], AuditSet = [.. auditSet, .. AuditSet] };

    /// <summary>
    /// Where the row's runs go, below the table's folder: the name with everything but letters and digits as dashes. Letters are those of ASCII, unless
    /// the name has none.
    /// </summary>
    internal string FolderName => Dashed(Name.ToLowerInvariant(), Name.Any(char.IsAsciiLetterOrDigit) ? char.IsAsciiLetterOrDigit : char.IsLetterOrDigit);

    /// <summary>Where the runs of one of the settings go, below the table's folder.</summary>
    internal string Folder(IReadOnlyList<string> setting)
        => Path.Combine([FolderName, .. setting.Select(assignment => Dashed(assignment, c => char.IsAsciiLetterOrDigit(c) || c is '.' or '='))]);

    private static string Dashed(string text, Func<char, bool> isKept) => string.Concat(text.Select(c => isKept(c) ? c : '-'));

    /// <summary>Reads a row of a table.</summary>
    /// <exception cref="AuditException">A key is unknown or missing, or the settings of a grid cannot be told apart.</exception>
    internal static MethodRow Parse(SpecMap map)
    {
        SpecMap? published = map.OptionalMap("published");
        string name = map.Title("name");
        if (!name.Any(char.IsLetterOrDigit) || name.Contains('|', StringComparison.Ordinal))
        {
            throw map.Error("name", $"the row's name '{name}' heads a row of the table and its folder: it needs a letter or a digit, and may have no '|'.");
        }

        var row = new MethodRow(
            name,
            map.List("set", []),
            map.List("audit-set", []),
            published?.Keys.ToDictionary(heading => heading, published.Text) ?? [])
        {
            Settings = Product(map.OptionalMap("grid")),
        };
        map.Finish();
        return row.Settings.Select(row.Folder).Distinct(StringComparer.OrdinalIgnoreCase).Count() == row.Settings.Count
            ? row
            : throw map.Error("grid", $"two settings in the grid of '{row.Name}' are the same but for signs; their runs would share a folder.");
    }

    // Every value of the first key with every one of the second, and so on.
    private static IReadOnlyList<IReadOnlyList<string>> Product(SpecMap? grid)
    {
        IReadOnlyList<IReadOnlyList<string>> settings = [[]];
        foreach (string key in grid?.Keys ?? [])
        {
            IReadOnlyList<string> values = grid!.List(key);
            settings = values.Count == 0
                ? throw grid.Error(key, $"the grid has no value for '{key}'.")
                : [.. from setting in settings from value in values select (string[])[.. setting, $"{key}={value}"]];
        }

        return settings;
    }
}
