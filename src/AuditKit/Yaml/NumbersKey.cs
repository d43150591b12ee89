using System.Text.Json.Nodes;

namespace AuditKit.Yaml;

/// <summary>A list of numbers within bounds; a single one counts as a list of one.</summary>
/// <param name="key">The key.</param>
/// <param name="description">What they mean.</param>
/// <param name="min">The least value.</param>
/// <param name="max">The largest value.</param>
public sealed class NumbersKey(string key, string description, double min, double max) : SpecKey(key, description)
{
    /// <summary>Reads the key.</summary>
    /// <param name="map">The mapping that has it.</param>
    /// <param name="otherwise">What an absent key means; null where it must be there.</param>
    /// <exception cref="AuditException">The key is missing, its list is empty, or a value is out of bounds.</exception>
    public IReadOnlyList<double> Read(SpecMap map, IReadOnlyList<double>? otherwise = null)
    {
        ArgumentNullException.ThrowIfNull(map);
        IReadOnlyList<double> numbers = map.Numbers(Key, otherwise, min, max);
        return numbers.Count > 0 || !map.Has(Key) ? numbers : throw map.Error(Key, $"'{Key}' is an empty list: give one number at least.");
    }

    /// <inheritdoc/>
    protected override JsonObject Values() => OneOrMore(new JsonObject { ["type"] = "number", ["minimum"] = min, ["maximum"] = max });
}
