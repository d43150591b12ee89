using System.Text.Json;

namespace AuditKit.Evidence;

/// <summary>Records that a store keeps as JSON. A store comes from anywhere, so nothing is read as what it cannot have been written as.</summary>
internal static class StoredJson
{
    private static readonly JsonSerializerOptions s_strict = new()
    {
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>A record from its text.</summary>
    /// <param name="text">The text, as the store has it.</param>
    /// <param name="what">What errors call the record: <c>record of its run</c>.</param>
    /// <exception cref="AuditException">The text is no such record: damaged, with a null where there must be a value, or with a key twice.</exception>
    public static T Read<T>(string text, string what)
        where T : class
    {
        try
        {
            T record = JsonSerializer.Deserialize<T>(text, s_strict) ?? throw new JsonException();
            using var document = JsonDocument.Parse(text);
            return HasNullAmongItems(document.RootElement) ? throw new JsonException() : record;
        }
        catch (Exception e) when (e is JsonException or ArgumentException or NotSupportedException)
        {
            throw new AuditException($"The evidence holds a damaged {what}: run the audit again.", inner: e);
        }
    }

    // The serializer takes null for an item of a list whatever the list's type says; no record here has one.
    private static bool HasNullAmongItems(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.Null || HasNullAmongItems(item)),
        JsonValueKind.Object => element.EnumerateObject().Any(property => HasNullAmongItems(property.Value)),
        _ => false,
    };
}
