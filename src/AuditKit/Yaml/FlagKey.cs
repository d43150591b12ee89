using System.Text.Json.Nodes;

namespace AuditKit.Yaml;

/// <summary>Yes or no.</summary>
/// <param name="key">The key.</param>
/// <param name="description">What it means: whether …</param>
/// <param name="otherwise">What an absent key means.</param>
public sealed class FlagKey(string key, string description, bool otherwise = false) : SpecKey(key, description)
{
    /// <summary>Reads the key.</summary>
    /// <exception cref="AuditException">The value is neither true nor false.</exception>
    public bool Read(SpecMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return map.Flag(Key, otherwise);
    }

    /// <inheritdoc/>
    protected override JsonObject Values() => new() { ["type"] = "boolean", ["default"] = otherwise };
}
