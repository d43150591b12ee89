using System.Text.Json;

namespace AuditKit.Compliance;

/// <summary>The clauses that a report is held against, from <c>clauses.json</c>: titles in our own words, never the standards' text.</summary>
internal sealed record ClauseCatalog
{
    /// <summary>The frameworks in the report's order.</summary>
    public required IReadOnlyList<Framework> Frameworks { get; init; }

    /// <summary>The catalog that comes with this program.</summary>
    public static ClauseCatalog Own { get; } = Load();

    /// <summary>The fields that providers may fill in for clauses, by their labels.</summary>
    public static IEnumerable<string> ProviderFields => Own.Frameworks.SelectMany(framework => framework.Clauses)
        .SelectMany(clause => clause.Provider).Distinct();

    private static ClauseCatalog Load()
    {
        using Stream stream = typeof(ClauseCatalog).Assembly.GetManifestResourceStream("AuditKit.Compliance.clauses.json")!;
        return JsonSerializer.Deserialize<ClauseCatalog>(stream, JsonSerializerOptions.Web)!;
    }

    /// <summary>One law or standard.</summary>
    internal sealed record Framework
    {
        /// <summary>What checks call it where they name clauses.</summary>
        public required string Id { get; init; }

        /// <summary>Its name.</summary>
        public required string Name { get; init; }

        /// <summary>Its clauses, in its order.</summary>
        public required IReadOnlyList<Entry> Clauses { get; init; }
    }

    /// <summary>One clause, and where its evidence comes from.</summary>
    internal sealed record Entry
    {
        /// <summary>Its number.</summary>
        public required string Reference { get; init; }

        /// <summary>What it asks for, in a few words.</summary>
        public required string Title { get; init; }

        /// <summary>Sections that no check makes and whose gates are evidence.</summary>
        public IReadOnlyList<string> Sections { get; init; } = [];

        /// <summary>The provider's fields that answer it.</summary>
        public IReadOnlyList<string> Provider { get; init; } = [];

        /// <summary>The parts of every report that answer it.</summary>
        public IReadOnlyList<string> Documents { get; init; } = [];

        /// <summary>What of the whole result answers it: <c>thresholds</c>, <c>finished</c> or <c>verdict</c>.</summary>
        public string? Rule { get; init; }
    }
}
