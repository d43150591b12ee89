using AuditKit.Yaml;

namespace AuditKit.Compliance;

/// <summary>What the provider says of itself and the system. The report prints it as it is; nothing is checked.</summary>
public static class ProviderSpec
{
    // Key in the spec, label in the report.
    private static readonly (string Key, string Label)[] Identity =
    [
        ("name", "Provider"),
        ("contact", "Contact"),
        ("system", "AI system"),
        ("version", "Version"),
        ("intended-purpose", "Intended purpose"),
        ("training-data", "Training data"),
        ("responsible-person", "Responsible person"),
    ];

    // What only clauses ask for: the key is the label in lower case with hyphens.
    private static readonly (string Key, string Label)[] Statements =
        [.. ClauseCatalog.ProviderFields.Except(Identity.Select(field => field.Label)).Select(label => (label.ToLowerInvariant().Replace(' ', '-'), label))];

    /// <summary>The keys of its block.</summary>
    internal static IReadOnlyList<SpecKey> Keys { get; } = [.. Identity.Concat(Statements).Select(field => new TextKey(field.Key, field.Label))];

    /// <summary>Reads the optional <c>provider:</c> block; a field left out has an empty value.</summary>
    /// <exception cref="AuditException">A key is unknown.</exception>
    public static (IReadOnlyList<Fact> Identity, IReadOnlyList<Fact> Statements) Parse(SpecMap? map)
    {
        Fact[] Read((string Key, string Label)[] fields) => [.. fields.Select(field => new Fact(field.Label, map?.OptionalText(field.Key) ?? ""))];
        (Fact[], Fact[]) facts = (Read(Identity), Read(Statements));
        map?.Finish();
        return facts;
    }
}
