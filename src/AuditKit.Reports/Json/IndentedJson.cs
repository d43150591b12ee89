using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace AuditKit.Reports.Json;

/// <summary>JSON files that people may open, too: indented, one line break at the end.</summary>
internal static class IndentedJson
{
    // The files are never pasted into a page, so letters of all scripts may stay readable.
    private static readonly JsonWriterOptions s_options =
        new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a document.</summary>
    public static void Write(JsonObject document, Stream destination) => Write(destination, json => document.WriteTo(json));

    /// <summary>Writes a document of a type that source generation knows.</summary>
    public static void Write<T>(T document, JsonTypeInfo<T> type, Stream destination)
        => Write(destination, json => JsonSerializer.Serialize(json, document, type));

    private static void Write(Stream destination, Action<Utf8JsonWriter> write)
    {
        using (var json = new Utf8JsonWriter(destination, s_options))
        {
            write(json);
        }

        destination.WriteByte((byte)'\n');
    }
}
