using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace AuditKit.Yaml;

/// <summary>
/// One mapping of a YAML document, read key by key. It remembers which keys were asked for, so that
/// <see cref="Finish"/> can reject every other key with its line, its column and the nearest valid one.
/// </summary>
public sealed partial class SpecMap
{
    private readonly string _file;
    private readonly YamlMappingNode _node;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    private SpecMap(string file, string path, YamlMappingNode node, Dictionary<YamlNode, string> places)
        => (_file, Path, _node, _places) = (file, path, node, places);

    /// <summary>Where the mapping stands in the document, such as <c>checks.stability</c>; empty for the document itself.</summary>
    public string Path { get; }

    /// <summary>The full path of the document's folder, which relative paths start from.</summary>
    internal string Folder => System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(_file))!;

    /// <summary>The keys present, in the document's order.</summary>
    public IEnumerable<string> Keys => _node.Children.Keys.OfType<YamlScalarNode>().Select(key => key.Value ?? "");

    /// <summary>The line, from 1, of a key by its path (<c>checks.accuracy.min</c>), or of the nearest of its parents that is there.</summary>
    public int LineOf(string path)
    {
        (YamlNode node, int line) = (_node, (int)_node.Start.Line);
        foreach (string key in path.Split('.'))
        {
            if (node is not YamlMappingNode mapping || !mapping.Children.TryGetValue(new YamlScalarNode(key), out YamlNode? value))
            {
                break;
            }

            line = (int)mapping.Children.Keys.First(candidate => candidate is YamlScalarNode { Value: var name } && name == key).Start.Line;
            node = value;
        }

        return line;
    }

    /// <summary>Whether a key is present with a value.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>Whether a key is present with a single value, not with a list or a mapping.</summary>
    public bool IsSingle(string key) => Find(key) is YamlScalarNode;

    /// <summary>Whether a key holds 'key: value' pairs.</summary>
    public bool IsMapping(string key) => Find(key) is YamlMappingNode;

    /// <summary>A text.</summary>
    /// <exception cref="AuditException">The key is missing, or its value is not a scalar.</exception>
    public string Text(string key) => OptionalText(key) ?? throw Missing(key);

    /// <summary>A text that stands in headings, and so has at most 200 characters.</summary>
    /// <exception cref="AuditException">The key is missing, or its value is not a scalar or longer.</exception>
    public string Title(string key)
    {
        const int MaxLength = 200;
        return Text(key) is { Length: <= MaxLength } title
            ? title
            : throw Error(key, $"'{Qualified(key)}' has {Text(key).Length} characters. It stands in headings, which have room for {MaxLength}.");
    }

    /// <summary>A text, or null where the key is absent.</summary>
    public string? OptionalText(string key) => Find(key) switch
    {
        null => null,
        YamlScalarNode scalar => scalar.Value,
        var other => throw At(other, $"'{Qualified(key)}' must be a single value."),
    };

    /// <summary>One of a few words.</summary>
    public T Choice<T>(string key, IReadOnlyDictionary<string, T> choices, T otherwise)
    {
        string? text = OptionalText(key);
        return text is null ? otherwise
            : choices.TryGetValue(text, out T? value) ? value
            : throw Error(key, $"'{text}' is not one of {string.Join(", ", choices.Keys)}.{Spelling.Nearest(text, choices.Keys)}");
    }

    /// <summary>A number within bounds.</summary>
    public double Number(string key, double? otherwise, double min, double max)
        => OptionalNumber(key, min, max) ?? otherwise ?? throw Missing(key);

    /// <summary>A number within bounds, or null where the key is absent.</summary>
    public double? OptionalNumber(string key, double min, double max)
        => OptionalText(key) is { } text ? ParseNumber(text, Find(key)!, Qualified(key), min, max) : null;

    /// <summary>A whole number within bounds.</summary>
    public int Integer(string key, int? otherwise, int min, int max)
        => (int)Long(key, otherwise, min, max);

    /// <summary>A 64-bit whole number within bounds.</summary>
    public long Long(string key, long? otherwise, long min, long max)
    {
        string? text = OptionalText(key);
        if (text is null)
        {
            return otherwise ?? throw Missing(key);
        }

        return !long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
            ? throw Error(key, $"'{Qualified(key)}' must be a whole number, not '{text}'.")
            : value < min || value > max
            ? throw Error(key, $"'{Qualified(key)}' must be between {min} and {max}, not {text}.")
            : value;
    }

    /// <summary>Yes or no.</summary>
    public bool Flag(string key, bool otherwise)
        => Choice(key, new Dictionary<string, bool> { ["true"] = true, ["false"] = false }, otherwise);

    /// <summary>A nested mapping.</summary>
    public SpecMap Map(string key) => OptionalMap(key) ?? throw Missing(key);

    /// <summary>A nested mapping, or null where the key is absent. A key without a value is an empty mapping.</summary>
    public SpecMap? OptionalMap(string key)
    {
        _known.Add(key);
        YamlNode? node = Raw(key);
        return node switch
        {
            null => null,
            YamlMappingNode mapping => new SpecMap(_file, Qualified(key), mapping, _places),
            YamlScalarNode { Value: null or "" or "~" or "null" } => new SpecMap(_file, Qualified(key), [], _places),
            _ => throw At(node, $"'{Qualified(key)}' must hold 'key: value' pairs."),
        };
    }

    /// <summary>Rejects every key that no call has asked for. Call it when all known keys have been read.</summary>
    /// <exception cref="AuditException">A key is unknown; the message names the nearest valid one.</exception>
    public void Finish()
    {
        foreach (YamlNode key in _node.Children.Keys)
        {
            string name = (key as YamlScalarNode)?.Value ?? "";
            if (!_known.Contains(name))
            {
                string where = Path.Length == 0 ? "" : $" in '{Path}'";
                throw At(key, $"unknown key '{name}'{where}.{Spelling.Nearest(name, _known)} Valid keys: {string.Join(", ", _known)}.");
            }
        }
    }

    /// <summary>An error at a key's value, or at the mapping where the key is absent: <c>file:line:column: message</c>.</summary>
    public AuditException Error(string key, string message) => At(Raw(key) ?? _node, message);

    // A key that is near the missing one, and that nobody has asked for, is that one misspelt.
    private AuditException Missing(string key)
        => _node.Children.Keys.FirstOrDefault(candidate => candidate is YamlScalarNode { Value: { } name } && !_known.Contains(name)
            && Spelling.Nearest(name, [key]).Length > 0) is { } misspelt
            ? At(misspelt, $"'{misspelt}' is no key, and '{Qualified(key)}' is missing.{Spelling.Nearest(misspelt.ToString(), [key])}")
            : At(_node, $"'{Qualified(key)}' is missing.");

    private AuditException At(YamlNode node, string message) => new($"{PlaceOf(node)}: {message}") { Place = PlaceOf(node) };

    private string PlaceOf(YamlNode node) => _places.TryGetValue(node, out string? place) ? place : $"{_file}:{node.Start.Line}:{node.Start.Column}";

    private string Qualified(string key) => Path.Length == 0 ? key : $"{Path}.{key}";

    private YamlNode? Raw(string key) => _node.Children.TryGetValue(new YamlScalarNode(key), out YamlNode? node) ? node : null;

    private YamlNode? Find(string key)
    {
        _known.Add(key);
        return Raw(key) is { } node and not YamlScalarNode { Value: null or "" or "~" or "null", Style: ScalarStyle.Plain or ScalarStyle.Any } ? node : null;
    }

    private double ParseNumber(string text, YamlNode node, string path, double min, double max)
        => !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || double.IsNaN(value)
            ? throw At(node, $"'{path}' must be a number, not '{text}'.")
            : value < min || value > max
            ? throw At(node, $"'{path}' must be between {InvariantText.Of(min)} and {InvariantText.Of(max)}, not {text}.")
            : value;
}
