using AuditKit.Yaml;

namespace AuditKit.Checks.Tta;

/// <summary>Two variants that are held against each other, as specs write them: <c>gps over crop-flip</c>.</summary>
/// <param name="First">The variant that is to be better.</param>
/// <param name="Second">The variant that it is compared with.</param>
public sealed record TtaPair(string First, string Second)
{
    /// <summary>What precedes the name of a variant of the ensemble.</summary>
    internal const string Ensemble = "ensemble";

    private const string Over = " over ";

    /// <summary>Reads a pair.</summary>
    /// <param name="text">The pair as specs write it.</param>
    /// <param name="known">The variants that there are.</param>
    /// <exception cref="AuditException">It is no pair, or a variant is not known.</exception>
    internal static TtaPair Parse(string text, IReadOnlyCollection<string> known)
    {
        string[] names = text.Split(Over, StringSplitOptions.TrimEntries);
        return names.Length != 2 || names[0] == names[1] ? throw new AuditException($"'{text}' is no pair: write two variants, such as gps over crop-flip.")
            : Array.Find(names, name => !known.Contains(name)) is { } unknown
            ? throw new AuditException($"there is no variant '{unknown}'.{Spelling.Nearest(unknown, known)} There are {string.Join(", ", known)}.")
            : new TtaPair(names[0], names[1]);
    }

    /// <inheritdoc/>
    public override string ToString() => First + Over + Second;
}
