using System.Text.Json.Nodes;

namespace AuditKit.Yaml;

/// <summary>A text: a name, or a path relative to the spec's folder.</summary>
/// <param name="key">The key.</param>
/// <param name="description">What it means.</param>
public sealed class TextKey(string key, string description) : SpecKey(key, description)
{
    /// <summary>Reads the key; null where it is absent.</summary>
    public string? Read(SpecMap map) => map.OptionalText(Key);

    /// <inheritdoc/>
    protected override JsonObject Values() => new() { ["type"] = new JsonArray("string", "number") };
}
