using System.Text.Json.Nodes;

namespace AuditKit.Yaml;

/// <summary>A block whose <c>name</c> says what it is, and so which other keys it has: <c>optimiser: { name: sgd, rate: 0.1 }</c>.</summary>
/// <typeparam name="T">What the block describes.</typeparam>
/// <param name="key">The key.</param>
/// <param name="description">What it means.</param>
/// <param name="blocks">What each name stands for.</param>
/// <param name="otherwise">The name that an absent one means.</param>
public sealed class NamedBlockKey<T>(string key, string description, IReadOnlyDictionary<string, NamedBlock<T>> blocks, string otherwise)
    : SpecKey(key, description)
{
    private const string Name = "name";

    /// <summary>Reads the block; an absent one is an empty one, unless it is required.</summary>
    /// <exception cref="AuditException">There is no such name, or a key is missing, unknown, or has a value that cannot be used.</exception>
    public T Read(SpecMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        SpecMap block = IsRequired ? map.Map(Key) : map.OptionalMap(Key) ?? SpecMap.Parse(Key, "{}");
        T value = block.Choice(Name, blocks, blocks[otherwise]).Read(block);
        block.Finish();
        return value;
    }

    /// <inheritdoc/>
    protected override JsonObject Values() => new() { ["oneOf"] = new JsonArray([.. blocks.Select(each => Values(each.Key, each.Value.Keys))]) };

    private JsonObject Values(string name, IReadOnlyList<SpecKey> keys) => Block(
    [
        new ChoiceKey<string>(Name, Description, new Dictionary<string, string> { [name] = name }, name) { IsRequired = name != otherwise },
        .. keys,
    ]);
}

/// <summary>What one name of a <see cref="NamedBlockKey{T}"/> stands for.</summary>
/// <typeparam name="T">What the block describes.</typeparam>
/// <param name="Keys">The block's keys beside its name.</param>
/// <param name="Read">Reads them.</param>
public sealed record NamedBlock<T>(IReadOnlyList<SpecKey> Keys, Func<SpecMap, T> Read);
