using AuditKit.Yaml;

namespace AuditKit.Data;

/// <summary>
/// Which class of one data set is which class of another: <c>map: { car: automobile }</c>. A class that both have
/// under the same name needs no entry.
/// </summary>
/// <param name="Names">The other set's class by a class's name.</param>
/// <param name="DropsUnmapped">Whether images of classes that the other set has not are left out (<c>unmapped: drop</c>) instead of refused.</param>
public sealed record LabelMap(IReadOnlyDictionary<string, string> Names, bool DropsUnmapped)
{
    /// <summary>Equal names only.</summary>
    public static LabelMap Identity { get; } = new(new Dictionary<string, string>(), false);

    /// <summary>Reads the keys <c>map</c> and <c>unmapped</c> of a mapping; null where neither is there.</summary>
    /// <exception cref="AuditException">A value is no class name, or no answer.</exception>
    internal static LabelMap? Parse(SpecMap map)
    {
        SpecMap? names = map.OptionalMap("map");
        bool drops = map.Choice("unmapped", new Dictionary<string, bool> { ["drop"] = true, ["refuse"] = false }, false);
        if (names is null && !map.Has("unmapped"))
        {
            return null;
        }

        var read = names?.Keys.ToDictionary(name => name, name => names.Text(name), StringComparer.Ordinal) ?? [];
        names?.Finish();
        return new LabelMap(read, drops);
    }

    /// <summary>The other set's label by label; −1 for a class that is left out.</summary>
    /// <param name="from">The classes that are mapped.</param>
    /// <param name="onto">The other set's classes.</param>
    /// <param name="data">What errors call the data.</param>
    /// <exception cref="AuditException">An entry names a class that is not there, or a class has no counterpart and is not to be dropped.</exception>
    public int[] Apply(IReadOnlyList<string> from, IReadOnlyList<string> onto, string data)
    {
        ArgumentNullException.ThrowIfNull(from);
        if (Names.Keys.FirstOrDefault(name => !from.Contains(name)) is { } unknown)
        {
            throw new AuditException($"{data}: 'map' names the class '{unknown}', which the data has not.{Spelling.Nearest(unknown, from)} "
                + $"Its classes: {string.Join(", ", from)}.");
        }

        if (Names.Values.FirstOrDefault(name => !onto.Contains(name)) is { } target)
        {
            throw new AuditException($"{data}: 'map' leads to '{target}', which is no class here.{Spelling.Nearest(target, onto)} Classes: "
                + $"{string.Join(", ", onto)}.");
        }

        var labels = onto.Index().ToDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal);
        return [.. from.Select(name => labels.TryGetValue(Names.GetValueOrDefault(name, name), out int label) ? label
            : DropsUnmapped ? -1
            : throw new AuditException(
                $"{data}: its class '{name}' is none of {string.Join(", ", onto)}. Say what it is with 'map: {{ {name}: … }}', or leave such "
                    + "images out with 'unmapped: drop'."))];
    }
}
