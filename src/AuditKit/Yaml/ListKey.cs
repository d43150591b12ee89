using System.Text.Json.Nodes;

namespace AuditKit.Yaml;

/// <summary>A list of names or numbers; a single one counts as a list of one.</summary>
/// <param name="key">The key.</param>
/// <param name="description">What it means.</param>
public sealed class ListKey(string key, string description) : SpecKey(key, description)
{
    /// <summary>The names there are; empty where they are not all known.</summary>
    public IReadOnlyCollection<string> Known { get; init; } = [];

    /// <inheritdoc/>
    protected override JsonObject Values() => OneOrMore(Item());

    private JsonObject Item() => Known.Count == 0
        ? new JsonObject { ["type"] = new JsonArray("string", "number") }
        : new JsonObject
        {
            ["anyOf"] = new JsonArray(new JsonObject { ["enum"] = new JsonArray([.. Known.Select(name => JsonValue.Create(name))]) },
            new JsonObject { ["type"] = "string" })
        };
}
