using System.Text.Json.Nodes;

namespace AuditKit.Yaml;

/// <summary>One of a few words.</summary>
/// <typeparam name="T">What the words stand for.</typeparam>
/// <param name="key">The key.</param>
/// <param name="description">What it means.</param>
/// <param name="choices">The words.</param>
/// <param name="otherwise">What an absent key means.</param>
public sealed class ChoiceKey<T>(string key, string description, IReadOnlyDictionary<string, T> choices, T otherwise) : SpecKey(key, description)
{
    /// <summary>What an absent key means.</summary>
    public T Default => otherwise;

    /// <summary>Reads the key.</summary>
    /// <exception cref="AuditException">The value is none of the words.</exception>
    public T Read(SpecMap map) => map.Choice(Key, choices, otherwise);

    /// <inheritdoc/>
    protected override JsonObject Values() =>
        new() { ["enum"] = new JsonArray([.. choices.Keys.Select(word => JsonValue.Create(word))]) };
}
