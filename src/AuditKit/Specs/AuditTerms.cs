using AuditKit.Checks;
using AuditKit.Comparisons;
using AuditKit.Compliance;
using AuditKit.Yaml;

namespace AuditKit.Specs;

/// <summary>What an audit asks besides where model and data lie: what a report can be judged again by, on any machine.</summary>
public record AuditTerms
{
    /// <summary>The keys of a spec's root that it reads, but <c>checks</c>.</summary>
    internal static IReadOnlyList<SpecKey> Keys { get; } =
    [
        new TextKey("name", "The audit's name") { IsRequired = true },
        new NumberKey("seed", "The seed of every random draw, a whole number", null, 0, long.MaxValue) { IsRequired = true },
        new NumberKey("confidence", "Confidence level of intervals and gates", 0.95, 0.5, 0.9999),
        new BlockKey("baseline", "The finished run that the model is compared with", Baseline.Keys),
        new BlockKey("provider", "What the provider says of itself and the system; printed as it is", ProviderSpec.Keys),
    ];

    /// <summary>The audit's name.</summary>
    public required string Name { get; init; }

    /// <summary>The seed of every random draw, at least 0.</summary>
    public required long Seed
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    }

    /// <summary>Confidence level of intervals and gates, 0.5 to 0.9999.</summary>
    public double Confidence
    {
        get;
        init => field = value is >= 0.5 and <= 0.9999 ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A confidence level lies between 0.5 and 0.9999.");
    } = 0.95;

    /// <summary>What is checked, in the report's order; at least one, no check twice.</summary>
    public required IReadOnlyList<ICheckOptions> Checks
    {
        get;
        init => field = value.Count > 0 && value.DistinctBy(options => options.Descriptor.Key).Count() == value.Count
            ? value
            : throw new ArgumentException("An audit needs one or more checks, no two the same.", nameof(value));
    }

    /// <summary>What the provider says of itself and the system.</summary>
    public IReadOnlyList<Fact> Provider { get; init; } = ProviderSpec.Parse(null).Identity;

    /// <summary>What the provider states to clauses that no audit can answer; values may be empty.</summary>
    public IReadOnlyList<Fact> Statements { get; init; } = ProviderSpec.Parse(null).Statements;

    /// <summary>The run that the model is compared with; null for none.</summary>
    public Baseline? Baseline { get; init; }

    /// <summary>Reads them from a spec's root.</summary>
    /// <param name="map">The root.</param>
    /// <param name="folder">The spec's folder, which relative paths start from.</param>
    /// <param name="catalog">The checks there are.</param>
    /// <exception cref="AuditException">A key is missing or has a value that cannot be used.</exception>
    public static AuditTerms Parse(SpecMap map, string folder, CheckCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(catalog);
        (IReadOnlyList<Fact> provider, IReadOnlyList<Fact> statements) = ProviderSpec.Parse(map.OptionalMap("provider"));
        return new AuditTerms
        {
            Name = map.Title("name"),
            Seed = map.Long("seed", null, 0, long.MaxValue),
            Confidence = map.Number("confidence", 0.95, 0.5, 0.9999),
            Checks = catalog.Parse(map.Map("checks"), folder),
            Baseline = map.OptionalMap("baseline") is { } baseline ? Baseline.Parse(baseline) : null,
            Provider = provider,
            Statements = statements,
        };
    }

    /// <summary>The checks for data with such attributes.</summary>
    /// <exception cref="AuditException">One names an attribute that the data has not.</exception>
    internal IReadOnlyList<PlannedCheck> Bind(IReadOnlyList<string> attributes) => [.. Checks.Select(options => options.Bind(attributes))];
}
