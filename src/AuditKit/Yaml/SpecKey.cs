using System.Text.Json.Nodes;

namespace AuditKit.Yaml;

/// <summary>
/// One key of a spec: what it means and which values it takes, said once. Reading YAML, refusing values in code, the
/// JSON schema that editors complete from, and the tests that flip every option all go by it.
/// </summary>
/// <param name="key">The key as specs write it.</param>
/// <param name="description">What it means, for the schema: a phrase without a full stop.</param>
public abstract class SpecKey(string key, string description)
{
    /// <summary>The key as specs write it.</summary>
    public string Key { get; } = key;

    /// <summary>What it means.</summary>
    public string Description { get; } = description;

    /// <summary>A value other than the default, as YAML; null where there is none that holds for every spec.</summary>
    public string? Example { get; init; }

    /// <summary>Whether the key must be there.</summary>
    public bool IsRequired { get; init; }

    /// <summary>The values as a JSON schema (draft 2020-12), without description.</summary>
    protected abstract JsonObject Values();

    /// <summary>The key's JSON schema.</summary>
    public JsonObject Schema()
    {
        JsonObject schema = Values();
        schema.Insert(0, "description", Description);
        return schema;
    }

    /// <summary>The JSON schema of a list, where a single item counts as a list of one.</summary>
    protected static JsonObject OneOrMore(JsonObject item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return new() { ["anyOf"] = new JsonArray(item, new JsonObject { ["type"] = "array", ["items"] = item.DeepClone() }) };
    }

    /// <summary>The JSON schema of a mapping with these keys and no others.</summary>
    public static JsonObject Block(IEnumerable<SpecKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        SpecKey[] all = [.. keys];
        var schema = new JsonObject
        {
            // A key without a value is an empty mapping.
            ["type"] = all.Any(each => each.IsRequired) ? "object" : new JsonArray("object", "null"),
            ["additionalProperties"] = false,
            ["properties"] = new JsonObject(all.Select(each => KeyValuePair.Create(each.Key, (JsonNode?)each.Schema()))),
        };
        if (all.Any(each => each.IsRequired))
        {
            schema["required"] = new JsonArray([.. all.Where(each => each.IsRequired).Select(each => JsonValue.Create(each.Key))]);
        }

        return schema;
    }
}
