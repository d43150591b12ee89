using System.Globalization;

namespace AuditKit.Models.Metadata;

/// <summary>Names of classes, as sources list them.</summary>
internal static class ClassNames
{
    private const int Most = 100_000;
    private const int Longest = 1000;

    /// <summary>Names in the order of the outputs; empty where they only count: <c>LABEL_0</c>, <c>LABEL_1</c> …, or <c>0</c>, <c>1</c> ….</summary>
    /// <param name="source">What errors call the list.</param>
    /// <param name="names">The names.</param>
    /// <exception cref="AuditException">They are too many or too long, or one is empty.</exception>
    public static IReadOnlyList<string> InOrder(string source, IReadOnlyList<string> names)
    {
        if (names.Count > Most || names.Any(name => name.Length > Longest))
        {
            throw new AuditException($"{source} has more than {Most} names, or one of more than {Longest} letters.");
        }

        string[] trimmed = [.. names.Select(name => name.Trim())];
        int empty = Array.FindIndex(trimmed, name => name.Length == 0);
        return empty >= 0 ? throw new AuditException($"{source} has no name for class {empty}.")
            : trimmed.Index().All(name => name.Item == $"{name.Index}" || name.Item == $"LABEL_{name.Index}") ? []
            : trimmed;
    }

    /// <summary>Names by index, which must count from 0 without a gap.</summary>
    /// <inheritdoc cref="InOrder"/>
    public static IReadOnlyList<string> ByIndex(string source, IEnumerable<(string Index, string Name)> names)
    {
        var sorted = new SortedDictionary<int, string>();
        foreach ((string index, string name) in names)
        {
            if (!int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out int output) || !sorted.TryAdd(output, name))
            {
                throw new AuditException($"{source} must name each class by its number, once; '{index}' is none or was there before.");
            }
        }

        return sorted.Keys.Index().FirstOrDefault(key => key.Item != key.Index) is { Item: > 0 } gap
            ? throw new AuditException($"{source} has no name for class {gap.Index}.")
            : InOrder(source, [.. sorted.Values]);
    }
}
