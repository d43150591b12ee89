using System.Text.Json.Nodes;

namespace AuditKit.Yaml;

/// <summary>A block of keys of its own, or a list of such blocks.</summary>
/// <param name="key">The key.</param>
/// <param name="description">What it means.</param>
/// <param name="keys">The block's keys; empty where they are names of the user's own.</param>
public sealed class BlockKey(string key, string description, params IReadOnlyList<SpecKey> keys) : SpecKey(key, description)
{
    /// <summary>The block's keys; empty where they are names of the user's own.</summary>
    public IReadOnlyList<SpecKey> Keys => keys;

    /// <summary>Whether it is a list of such blocks.</summary>
    public bool IsList { get; init; }

    /// <summary>A word that may stand instead of the block; null for none.</summary>
    public string? Word { get; init; }

    /// <inheritdoc/>
    protected override JsonObject Values()
    {
        JsonObject block = keys.Count > 0 ? Block(keys) : new JsonObject { ["type"] = "object" };
        return IsList ? new JsonObject { ["type"] = "array", ["items"] = block }
            : Word is null ? block
            : new JsonObject { ["anyOf"] = new JsonArray(new JsonObject { ["const"] = Word }, block) };
    }
}
