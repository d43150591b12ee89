using System.Text.Json.Nodes;

namespace AuditKit.Yaml;

/// <summary>A whole number within bounds.</summary>
/// <param name="key">The key.</param>
/// <param name="description">What it means.</param>
/// <param name="otherwise">What an absent key means; null where it must be there.</param>
/// <param name="min">The least value.</param>
/// <param name="max">The largest value.</param>
public sealed class IntegerKey(string key, string description, int? otherwise, int min, int max) : SpecKey(key, description)
{
    /// <summary>What an absent key means.</summary>
    public int Default => otherwise!.Value;

    /// <summary>Reads the key.</summary>
    /// <exception cref="AuditException">The value is missing or out of bounds.</exception>
    public int Read(SpecMap map) => map.Integer(Key, otherwise, min, max);

    /// <summary>A value set in code.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of bounds.</exception>
    public int Require(int value) => value >= min && value <= max
        ? value
        : throw new ArgumentOutOfRangeException(nameof(value), value, $"'{Key}' must be between {min} and {max}.");

    /// <inheritdoc/>
    protected override JsonObject Values()
    {
        var schema = new JsonObject { ["type"] = "integer", ["minimum"] = min, ["maximum"] = max };
        if (otherwise is { } value)
        {
            schema["default"] = value;
        }

        return schema;
    }
}
