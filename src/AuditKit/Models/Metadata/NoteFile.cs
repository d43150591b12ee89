using System.Text.Json;

namespace AuditKit.Models.Metadata;

/// <summary>Reads files beside a model. They come from anywhere, so their size and depth are bounded.</summary>
internal static class NoteFile
{
    // The names of 100,000 classes.
    private const long Largest = 8 << 20;
    private const int Deepest = 32;

    /// <summary>A file's text; null where there is none.</summary>
    /// <exception cref="AuditException">It is too large or cannot be read.</exception>
    public static string? Text(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using FileStream file = RegularFile.Open(path);
            if (file.Length > Largest)
            {
                throw new AuditException($"{path}: larger than {Largest >> 20} MB, which is more than notes on a model need; it was not read.");
            }

            using var reader = new StreamReader(file);
            return reader.ReadToEnd();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditException($"{path} cannot be read: {e.Message}", inner: e);
        }
    }

    /// <summary>A file's JSON object; null where there is no file.</summary>
    /// <exception cref="AuditException">It is too large, too deep, or no JSON object.</exception>
    public static NoteObject? Json(string path)
    {
        if (Text(path) is not { } text)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = Deepest });
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new NoteObject(path, "", document.RootElement.Clone())
                : throw new AuditException($"{path}: no JSON object.");
        }
        catch (JsonException e)
        {
            string line = e.LineNumber is { } at ? $" in line {at + 1}" : "";
            throw new AuditException($"{path}: no JSON that could be read{line} (nested no deeper than {Deepest} levels).", inner: e);
        }
    }
}
