using System.Text.Json.Nodes;

namespace AuditKit.Yaml;

/// <summary>A number within bounds.</summary>
/// <param name="key">The key.</param>
/// <param name="description">What it means.</param>
/// <param name="otherwise">What an absent key means; null for no value.</param>
/// <param name="min">The least value.</param>
/// <param name="max">The largest value.</param>
public sealed class NumberKey(string key, string description, double? otherwise, double min, double max) : SpecKey(key, description)
{
    /// <summary>What an absent key means.</summary>
    public double Default => otherwise!.Value;

    /// <summary>Reads the key.</summary>
    /// <exception cref="AuditException">The value is missing or out of bounds.</exception>
    public double Read(SpecMap map) => map.Number(Key, otherwise, min, max);

    /// <summary>Reads the key; null where it is absent.</summary>
    /// <exception cref="AuditException">The value is out of bounds.</exception>
    public double? ReadOptional(SpecMap map) => map.OptionalNumber(Key, min, max);

    /// <summary>A value set in code.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of bounds.</exception>
    public double Require(double value) => value >= min && value <= max
        ? value
        : throw new ArgumentOutOfRangeException(nameof(value), value, $"'{Key}' must be between {InvariantText.Of(min)} and {InvariantText.Of(max)}.");

    /// <inheritdoc cref="Require(double)"/>
    public double? Require(double? value) => value is { } number ? Require(number) : null;

    /// <inheritdoc/>
    protected override JsonObject Values()
    {
        var schema = new JsonObject { ["type"] = "number", ["minimum"] = min, ["maximum"] = max };
        if (otherwise is { } value)
        {
            schema["default"] = value;
        }

        return schema;
    }
}
