using AuditKit.Comparisons;
using AuditKit.Compliance;
using AuditKit.Yaml;

namespace AuditKit.Specs;

/// <summary>What a spec says besides where model and data lie: what a report can be judged again by, on any machine.</summary>
public sealed record AuditTerms
{
    /// <summary>The audit's name.</summary>
    public required string Name { get; init; }

    /// <summary>The seed of every random draw.</summary>
    public required long Seed { get; init; }

    /// <summary>Confidence level of intervals and gates, such as 0.95.</summary>
    public required double Confidence { get; init; }

    /// <summary>The <c>checks:</c> block; <see cref="Checks.CheckCatalog"/> reads it once the data's attributes are known.</summary>
    public required SpecMap Checks { get; init; }

    /// <summary>What the provider says of itself and the system.</summary>
    public required IReadOnlyList<Fact> Provider { get; init; }

    /// <summary>What the provider states to clauses that no audit can answer; values may be empty.</summary>
    public required IReadOnlyList<Fact> Statements { get; init; }

    /// <summary>The run that the model is compared with; null for none.</summary>
    public Baseline? Baseline { get; init; }

    /// <summary>Reads them from a spec's root.</summary>
    /// <exception cref="AuditException">A key is missing or has a value that cannot be used.</exception>
    public static AuditTerms Parse(SpecMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        (IReadOnlyList<Fact> provider, IReadOnlyList<Fact> statements) = ProviderSpec.Parse(map.OptionalMap("provider"));
        return new AuditTerms
        {
            Name = map.Title("name"),
            Seed = map.Long("seed", null, 0, long.MaxValue),
            Confidence = map.Number("confidence", 0.95, 0.5, 0.9999),
            Checks = map.Map("checks"),
            Baseline = map.OptionalMap("baseline") is { } baseline ? Baseline.Parse(baseline) : null,
            Provider = provider,
            Statements = statements,
        };
    }
}
