using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AuditKit.Reports.Json;

/// <summary>JSON files that people may open, too: indented, one line break at the end.</summary>
internal static class IndentedJson
{
    // The files are never pasted into a page, so letters of all scripts may stay readable.
    private static readonly JsonWriterOptions s_options =
        new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a document.</summary>
    public static void Write(JsonObject document, Stream destination)
    {
        using (var json = new Utf8JsonWriter(destination, s_options))
        {
            document.WriteTo(json);
        }

        destination.WriteByte((byte)'\n');
    }
}
