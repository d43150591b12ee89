using System.Text.Json;

namespace AuditKit.Models.Metadata;

/// <summary>A JSON object of a file beside a model: what is there must be of the right kind, null counts as absent.</summary>
/// <param name="Path">The file.</param>
/// <param name="Field">The object's own name within it; empty for the whole.</param>
/// <param name="Element">The object.</param>
internal sealed record NoteObject(string Path, string Field, JsonElement Element)
{
    /// <summary>The file's name.</summary>
    public string FileName => System.IO.Path.GetFileName(Path);

    public bool Has(string name) => Find(name) is not null;

    public NoteObject? Object(string name)
        => Find(name) is not { } value ? null : value.ValueKind == JsonValueKind.Object ? new(Path, Full(name), value) : throw Wrong(name, "an object");

    public string? Text(string name)
        => Find(name) is not { } value ? null : value.ValueKind == JsonValueKind.String ? value.GetString() : throw Wrong(name, "a text");

    public bool? Flag(string name) => Find(name) is not { } value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(name, "true or false");

    public double? Number(string name, double min, double max) => Find(name) is not { } value ? null : Number(name, value, min, max);

    public int? Integer(string name, int min, int max) => Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int whole) && whole >= min && whole <= max ? whole
        : throw Wrong(name, $"a whole number from {min} to {max}");

    public IReadOnlyList<double> Numbers(string name, double min, double max) => Find(name) is not { } value ? []
        : value.ValueKind == JsonValueKind.Array && value.GetArrayLength() <= 4 ? [.. value.EnumerateArray().Select(item => Number(name, item, min, max))]
        : [Number(name, value, min, max)];

    /// <summary>Names by index: a list, or an object whose keys are the indices; empty where there are none.</summary>
    public IReadOnlyList<string> Names(string name) => Find(name) is not { } value ? [] : value.ValueKind switch
    {
        JsonValueKind.Array => ClassNames.InOrder(Source(name), [.. value.EnumerateArray().Select(item => Name(name, item))]),
        JsonValueKind.Object => ClassNames.ByIndex(Source(name), value.EnumerateObject().Select(item => (item.Name, Name(name, item.Value)))),
        _ => throw Wrong(name, "a list of names, or names by index"),
    };

    public AuditException Wrong(string name, string expected) => new($"{Source(name)} must be {expected}.");

    private string Source(string name) => $"{Path}: '{Full(name)}'";

    private string Full(string name) => Field.Length == 0 ? name : $"{Field}.{name}";

    // A key twice is the last one's value, as everywhere in JSON.
    private JsonElement? Find(string name)
        => Element.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private string Name(string name, JsonElement item) => item.ValueKind switch
    {
        JsonValueKind.String => item.GetString()!,
        JsonValueKind.Number => item.GetRawText(),
        _ => throw Wrong(name, "a list of names, or names by index"),
    };

    private double Number(string name, JsonElement item, double min, double max)
        => item.ValueKind == JsonValueKind.Number && item.TryGetDouble(out double value) && value >= min && value <= max ? value
            : throw Wrong(name, FormattableString.Invariant($"numbers from {min} to {max}"));
}
