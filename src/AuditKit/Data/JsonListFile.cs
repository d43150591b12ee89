using System.Text.Json;

namespace AuditKit.Data;

/// <summary>JSON files that list images.</summary>
internal static class JsonListFile
{
    private const long MaxFileSize = 1 << 28;

    /// <summary>Reads a whole file.</summary>
    /// <typeparam name="T">What is made of it.</typeparam>
    /// <param name="tree">The folder or the archive.</param>
    /// <param name="path">The file in it.</param>
    /// <param name="read">Makes it of the outermost value.</param>
    /// <exception cref="AuditException">It is too large, cannot be read, or is no JSON; the message names the line.</exception>
    public static T Read<T>(IFileTree tree, string path, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(Bytes(tree, path));
            return read(document.RootElement);
        }
        catch (JsonException e)
        {
            throw new AuditException($"{tree.FullName(path)}:{(e.LineNumber ?? 0) + 1}: not valid JSON: {e.Message}", ExitCode.Usage, e);
        }
        catch (InvalidOperationException e)
        {
            // Text that is no Unicode, of which the reader says nothing until it is asked for.
            throw new AuditException($"{tree.FullName(path)}: {e.Message}", ExitCode.Usage, e);
        }
        catch (AuditException e) when (e.ExitCode == ExitCode.Error)
        {
            // The file is read before anything is measured, so that it is the input that is wrong.
            throw new AuditException(e.Message, ExitCode.Usage, e);
        }
    }

    /// <summary>The values of an object in a text, in their order.</summary>
    /// <param name="text">The text.</param>
    /// <param name="where">What errors begin with.</param>
    /// <exception cref="AuditException">It is no JSON, or no object.</exception>
    public static IReadOnlyList<(string Key, string Value)> Object(string text, string where)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return [.. document.RootElement.EnumerateObject().Select(property => (property.Name, Text(property.Value)))];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new AuditException($"{where}: expected an object, such as {{\"file_name\": \"1.png\", \"label\": \"cat\"}}: {e.Message}", ExitCode.Usage, e);
        }
    }

    /// <summary>The files of a location that are objects with the keys given.</summary>
    /// <param name="location">The location.</param>
    /// <param name="folders">The folders that they may lie in.</param>
    /// <param name="keys">The keys.</param>
    public static IEnumerable<string> With(DataLocation location, IReadOnlyList<string> folders, params string[] keys)
        => (location.File is { } file ? [file]
            : folders.SelectMany(folder => location.Tree.Files(folder).Select(name => folder.Length == 0 ? name : $"{folder}/{name}")))
            .Where(path => keys.All(Keys(location.Tree, path).Contains));

    /// <summary>The keys of a file's outermost object; empty where it is none.</summary>
    public static IReadOnlyList<string> Keys(IFileTree tree, string path)
    {
        var keys = new List<string>();
        try
        {
            if (!path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) || !tree.Contains(path))
            {
                return [];
            }

            var reader = new Utf8JsonReader(Bytes(tree, path).Span);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return [];
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                keys.Add(reader.GetString()!);
                reader.Skip();
            }

            return keys;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or AuditException)
        {
            // Its own reader says what is wrong with it, once it is known which that is.
            return keys;
        }
    }

    /// <summary>A value as a cell of a table has it: text, a number, <c>true</c>; empty for null, JSON for lists and objects.</summary>
    public static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => "",
        JsonValueKind.String => value.GetString() is var text && text!.Contains('\0', StringComparison.Ordinal)
            ? throw new InvalidOperationException("holds a NUL character, which no path, label or attribute has")
            : text,
        JsonValueKind.Array when value.GetArrayLength() == 1 && value[0].ValueKind is not (JsonValueKind.Array or JsonValueKind.Object) => Text(value[0]),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => value.GetRawText(),
    };

    /// <summary>A value of an object by its key; null where it is not there, or null.</summary>
    public static JsonElement? Value(JsonElement parent, string key)
        => parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null
            ? value : null;

    /// <summary>The values of a single kind that an object has besides those named, as attributes of its image.</summary>
    public static Dictionary<string, string> Attributes(JsonElement parent, params ReadOnlySpan<string> besides)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        if (parent.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in parent.EnumerateObject())
            {
                if (!besides.Contains(property.Name) && property.Value.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object))
                {
                    values[property.Name] = Text(property.Value);
                }
            }
        }

        return values;
    }

    private static ReadOnlyMemory<byte> Bytes(IFileTree tree, string path)
    {
        byte[] bytes = tree.Read(path, MaxFileSize);
        return bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes.AsMemory(3) : bytes;
    }
}
