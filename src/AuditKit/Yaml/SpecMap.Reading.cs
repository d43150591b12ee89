using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace AuditKit.Yaml;

/// <summary>From a file to a mapping.</summary>
public sealed partial class SpecMap
{
    /// <summary>Reads the text of a spec.</summary>
    /// <exception cref="AuditException">The file is missing, unreadable or over a megabyte.</exception>
    public static string ReadFile(string file)
    {
        const int MaxBytes = 1 << 20;
        try
        {
            RegularFile.Require(file);
            return new FileInfo(file).Length <= MaxBytes
                ? RegularFile.ReadAllText(file)
                : throw new AuditException($"{file} is over {MaxBytes >> 20} MB, too large for a spec.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditException($"{file} cannot be read: {e.Message}", inner: e);
        }
    }

    /// <summary>Parses a YAML text whose root is a mapping.</summary>
    /// <param name="file">The name that error messages give.</param>
    /// <param name="text">The document.</param>
    /// <exception cref="AuditException">The text is not YAML, or its root is not a mapping; the message has line and column.</exception>
    public static SpecMap Parse(string file, string text)
        => new(file, "", Load(text, place => $"{file}:{place.Line}:{place.Column}"), new(ReferenceEqualityComparer.Instance));

    private static YamlMappingNode Load(string text, Func<Mark, string> place)
    {
        var events = new SpecEvents(text, place);
        var stream = new YamlStream();
        try
        {
            stream.Load(events);
        }
#pragma warning disable CA1031 // Events in an order that no YAML has end in exceptions of other types.
        catch (Exception e) when (e is not AuditException)
        {
            throw events.NotYaml(e, events.Current?.Start ?? new Mark(0, 1, 1));
        }
#pragma warning restore CA1031

        return stream.Documents.Count == 1 && stream.Documents[0].RootNode is YamlMappingNode root
            ? root
            : throw events.Error(new Mark(0, 1, 1), "expected one document of 'key: value' lines.");
    }
}
