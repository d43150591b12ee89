namespace AuditKit.Specs;

/// <summary>What the provider says of itself and the system. The report prints it as it is; nothing is checked.</summary>
public static class ProviderSpec
{
    // Key in the spec, label in the report.
    private static readonly (string Key, string Label)[] Fields =
    [
        ("name", "Provider"),
        ("contact", "Contact"),
        ("system", "AI system"),
        ("version", "Version"),
        ("intended-purpose", "Intended purpose"),
        ("training-data", "Training data"),
        ("responsible-person", "Responsible person"),
    ];

    /// <summary>Reads the optional <c>provider:</c> block; a field left out has an empty value.</summary>
    /// <exception cref="AuditException">A key is unknown.</exception>
    public static IReadOnlyList<Fact> Parse(SpecMap? map)
    {
        Fact[] facts = [.. Fields.Select(field => new Fact(field.Label, map?.OptionalText(field.Key) ?? ""))];
        map?.Finish();
        return facts;
    }
}
