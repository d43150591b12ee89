using System.Text.Json;
using System.Text.RegularExpressions;

namespace AuditKit.Data;

/// <summary>
/// The order of classes whose names come from folders or lists: by value where all are whole numbers, else as text (ordinal).
/// torchvision's ImageFolder sorts as text always: its class 1 of folders 1 to 10 is 10.
/// </summary>
public static partial class ClassOrder
{
    private const int NamesShown = 12;

    /// <summary>The names in order, each once.</summary>
    internal static string[] Of(IEnumerable<string> names)
    {
        string[] distinct = [.. names.Distinct()];
        return distinct.All(IsWholeNumber)
            ? [.. distinct.OrderBy(name => name.TrimStart('0').Length).ThenBy(name => name.TrimStart('0'), StringComparer.Ordinal)
                .ThenBy(name => name, StringComparer.Ordinal)]
            : AsText(distinct);
    }

    /// <summary>The names in the order that ImageFolder gives their folders.</summary>
    internal static string[] AsText(IEnumerable<string> names) => [.. names.Order(StringComparer.Ordinal)];

    /// <summary>What a reader must know who has trained with ImageFolder; null where both orders are the same.</summary>
    public static Fact? Note(IReadOnlyList<string> classes)
    {
        string[] text = AsText(classes);
        return classes.SequenceEqual(Of(classes)) && !classes.SequenceEqual(text)
            ? new Fact("Order of the classes", $"as numbers ({First(classes)}); as text, which is ImageFolder's order, it would be {First(text)}")
            : null;
    }

    /// <summary>
    /// Refuses data whose classes cannot be another set's in the same order. Files may number the classes in one set and name them in the other; a
    /// name that both have must stand in the same place.
    /// </summary>
    /// <param name="key">The key that the data is named under.</param>
    /// <param name="data">The data.</param>
    /// <param name="others">What errors call the other set.</param>
    /// <param name="classes">Its classes.</param>
    /// <exception cref="AuditException">They cannot be the same.</exception>
    internal static void RequireSame(string key, IDataset data, string others, IReadOnlyList<string> classes)
    {
        if (data.Classes.Count != classes.Count || data.Classes.Zip(classes)
            .Any(pair => pair.First != pair.Second && (classes.Contains(pair.First) || data.Classes.Contains(pair.Second))))
        {
            throw new AuditException($"{key}: {data.Name} has the classes {WordList.First([.. data.Classes])}, and {others} "
                + $"{WordList.First([.. classes])}. They must be the same, in the same order: name them with {key}.classes.");
        }
    }

    /// <summary>The line of a spec that sets an order.</summary>
    internal static string Line(IEnumerable<string> classes) => $"classes: [{Names(classes)}]";

    /// <summary>Names of classes as a list of YAML has them between its brackets; in double quotes, JSON's escapes hold every text.</summary>
    public static string Names(IEnumerable<string> classes)
        => string.Join(", ", classes.Select(name => Plain().IsMatch(name) ? name : JsonSerializer.Serialize(name)));

    /// <summary>What to do where the data has not as many classes as the model has outputs.</summary>
    /// <param name="data">What errors call the data.</param>
    /// <param name="classes">Its classes.</param>
    /// <param name="outputs">How many outputs the model has.</param>
    /// <param name="known">The model's own names of its outputs; empty where it has none.</param>
    internal static AuditException Mismatch(string data, IReadOnlyList<string> classes, int outputs, IReadOnlyList<string> known)
    {
        string found = $"the model has {outputs} outputs, but {data} has {classes.Count} classes ({First(classes)}).";
        return new AuditException(classes.Count > outputs ? $"{found} Check model.path and data; data.map and 'unmapped: drop' leave classes out."
            : known.Count == outputs && classes.All(known.Contains) ? $"{found} The model names its outputs. Write in data: {Line(known)}"
            : known.Count == outputs ? $"{found} The model's outputs are {First(known)}: rename the data's classes by data.map, and write in "
                + $"data: {Line(known)}"
            : $"{found} If it is a part of the model's classes, write all {outputs} in the order of the model's outputs in data, those without images too: "
                + $"classes: [{First(classes)}, …]");
    }

    private static bool IsWholeNumber(string name) => name.Length > 0 && name.All(char.IsAsciiDigit);

    private static string First(IReadOnlyCollection<string> names)
        => string.Join(", ", names.Take(NamesShown)) + (names.Count > NamesShown ? ", …" : "");

    // What YAML reads as it stands, in a list in brackets.
    [GeneratedRegex(@"^[\p{L}\p{Nd}_]([\p{L}\p{Nd}_ ./()+-]*[\p{L}\p{Nd}_./()+-])?$")]
    private static partial Regex Plain();
}
