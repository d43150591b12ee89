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

    // Values that came from the command line, which have no line in the file: shared by all mappings of a document.
    private readonly Dictionary<YamlNode, string> _assigned;

    private SpecMap(string file, string path, YamlMappingNode node, Dictionary<YamlNode, string> assigned)
        => (_file, Path, _node, _assigned) = (file, path, node, assigned);

    /// <summary>Where the mapping stands in the document, such as <c>checks.stability</c>; empty for the document itself.</summary>
    public string Path { get; }

    /// <summary>The keys present, in the document's order.</summary>
    public IEnumerable<string> Keys => _node.Children.Keys.OfType<YamlScalarNode>().Select(key => key.Value ?? "");

    /// <summary>Reads the text of a spec.</summary>
    /// <exception cref="AuditException">The file is missing, unreadable or over a megabyte.</exception>
    public static string ReadFile(string file)
    {
        const int MaxBytes = 1 << 20;
        try
        {
            return new FileInfo(file).Length <= MaxBytes
                ? File.ReadAllText(file)
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
    {
        RefuseDeepNesting(file, text);
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException e)
        {
            string detail = e.InnerException is { Message: var inner } && inner.Length > 0 ? inner : e.Message;
            throw new AuditException($"{file}:{e.Start.Line}:{e.Start.Column}: not valid YAML: {detail}");
        }

        return stream.Documents.Count == 1 && stream.Documents[0].RootNode is YamlMappingNode root
            ? new SpecMap(file, "", root, new(ReferenceEqualityComparer.Instance))
            : throw new AuditException($"{file}:1:1: expected one document of 'key: value' lines.");
    }

    /// <summary>Replaces or adds one value.</summary>
    /// <param name="assignment"><c>key=value</c>: a key by its path (<c>checks.accuracy.min</c>), a value as YAML.</param>
    /// <exception cref="AuditException">There is no '=', the value is not YAML, or the path leads through a single value.</exception>
    public void Set(string assignment)
    {
        int equals = assignment.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            throw new AuditException($"--set {assignment}: expected key=value, such as checks.accuracy.min=0.95.");
        }

        YamlMappingNode mapping = _node;
        string[] keys = assignment[..equals].Split('.');
        foreach (string key in keys[..^1])
        {
            if (!mapping.Children.TryGetValue(new YamlScalarNode(key), out YamlNode? next) || next is YamlScalarNode { Value: null or "" })
            {
                mapping.Children[new YamlScalarNode(key)] = next = new YamlMappingNode();
            }

            mapping = next as YamlMappingNode
                ?? throw new AuditException($"--set {assignment}: '{key}' holds a value, not 'key: value' pairs.");
        }

        SpecMap value = Parse($"--set {assignment}", $"value: {assignment[(equals + 1)..]}");
        YamlNode assigned = mapping.Children[new YamlScalarNode(keys[^1])] = value._node.Children[new YamlScalarNode("value")];
        foreach (YamlNode node in assigned.AllNodes)
        {
            _assigned[node] = assignment;
        }
    }

    /// <summary>Replaces or adds a text, whatever characters it has.</summary>
    /// <param name="key">A key of this mapping.</param>
    /// <param name="text">The value, which is not read as YAML.</param>
    public void SetText(string key, string text) => _node.Children[new YamlScalarNode(key)] = new YamlScalarNode(text) { Style = ScalarStyle.DoubleQuoted };

    /// <summary>Replaces or adds a whole mapping.</summary>
    /// <param name="key">A key of this mapping.</param>
    /// <param name="value">The mapping, which is shared, not copied.</param>
    public void Set(string key, SpecMap value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _node.Children[new YamlScalarNode(key)] = value._node;
    }

    /// <summary>Removes a key, where it is there.</summary>
    public void Remove(string key) => _node.Children.Remove(new YamlScalarNode(key));

    /// <summary>The mapping as YAML text, comments gone.</summary>
    public string ToYaml()
    {
        var text = new StringWriter { NewLine = "\n" };
        new YamlStream(new YamlDocument(_node)).Save(text, assignAnchors: false);
        return text.ToString().TrimEnd('\n', '.') + "\n";
    }

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
            : throw Error(key, $"'{text}' is not one of {string.Join(", ", choices.Keys)}.{Nearest(text, choices.Keys)}");
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

    /// <summary>A list of texts; a single value counts as a list of one.</summary>
    public IReadOnlyList<string> List(string key, IReadOnlyList<string>? otherwise = null) => Find(key) switch
    {
        null => otherwise ?? throw Missing(key),
        YamlScalarNode scalar => [scalar.Value ?? ""],
        YamlSequenceNode sequence => [.. sequence.Select(item => item is YamlScalarNode { Value: { } text }
            ? text
            : throw At(item, $"'{Qualified(key)}' must be a list of single values."))],
        var other => throw At(other, $"'{Qualified(key)}' must be a list."),
    };

    /// <summary>A list of things that specs name, none of them twice.</summary>
    /// <typeparam name="T">The things.</typeparam>
    /// <param name="key">The list's key.</param>
    /// <param name="parse">The thing of a name; refuses a name by an <see cref="AuditException"/>, which is given the list's place.</param>
    /// <param name="name">What a thing is called, however it was written.</param>
    /// <param name="otherwise">What an absent key means; null where it may not be absent.</param>
    public IReadOnlyList<T> List<T>(string key, Func<string, T> parse, Func<T, string> name, IReadOnlyList<string>? otherwise = null)
    {
        ArgumentNullException.ThrowIfNull(parse);
        ArgumentNullException.ThrowIfNull(name);
        var things = new List<T>();
        foreach (string text in List(key, otherwise))
        {
            T thing;
            try
            {
                thing = parse(text);
            }
            catch (AuditException e)
            {
                throw Error(key, e.Message);
            }

            things.Add(things.Exists(other => name(other) == name(thing)) ? throw Error(key, $"'{name(thing)}' is named twice.") : thing);
        }

        return things;
    }

    /// <summary>A list of numbers within bounds.</summary>
    public IReadOnlyList<double> Numbers(string key, IReadOnlyList<double>? otherwise, double min, double max)
        => Find(key) is { } node
            ? [.. List(key).Select(text => ParseNumber(text, node, Qualified(key), min, max))]
            : otherwise ?? throw Missing(key);

    /// <summary>A mapping from whole numbers to numbers, such as <c>{ 100: 0.60 }</c>; empty where the key is absent.</summary>
    public IReadOnlyDictionary<int, double> NumbersByInteger(string key, int minKey, int maxKey, double min, double max)
    {
        var result = new SortedDictionary<int, double>();
        if (OptionalMap(key) is { } map)
        {
            foreach (string name in map.Keys)
            {
                if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number < minKey || number > maxKey)
                {
                    throw map.Error(name, $"the keys of '{map.Path}' must be whole numbers between {minKey} and {maxKey}, not '{name}'.");
                }

                result[number] = map.Number(name, null, min, max);
            }
        }

        return result;
    }

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
            YamlMappingNode mapping => new SpecMap(_file, Qualified(key), mapping, _assigned),
            YamlScalarNode { Value: null or "" or "~" or "null" } => new SpecMap(_file, Qualified(key), [], _assigned),
            _ => throw At(node, $"'{Qualified(key)}' must hold 'key: value' pairs."),
        };
    }

    /// <summary>A list of mappings.</summary>
    public IReadOnlyList<SpecMap> Maps(string key) => Find(key) switch
    {
        null => throw Missing(key),
        YamlSequenceNode sequence => [.. sequence.Select((item, i) => item is YamlMappingNode mapping
            ? new SpecMap(_file, $"{Qualified(key)}[{i}]", mapping, _assigned)
            : throw At(item, $"'{Qualified(key)}' must be a list of 'key: value' blocks."))],
        var other => throw At(other, $"'{Qualified(key)}' must be a list."),
    };

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
                throw At(key, $"unknown key '{name}'{where}.{Nearest(name, _known)} Valid keys: {string.Join(", ", _known)}.");
            }
        }
    }

    /// <summary>An error at a key's value, or at the mapping where the key is absent: <c>file:line:column: message</c>.</summary>
    public AuditException Error(string key, string message) => At(Raw(key) ?? _node, message);

    // The parser recurses, and a stack overflow could not be caught.
    private static void RefuseDeepNesting(string file, string text)
    {
        const int Limit = 100;
        int depth = 0;
        foreach (char c in text)
        {
            depth += c is '[' or '{' ? 1 : c is ']' or '}' ? -1 : 0;
            if (depth > Limit)
            {
                throw new AuditException($"{file}: brackets nested deeper than {Limit} levels.");
            }
        }

        foreach (string line in text.Split('\n'))
        {
            int indent = line.Length - line.TrimStart(' ', '-', '?', ':').Length;
            if (indent > 2 * Limit)
            {
                throw new AuditException($"{file}: lines indented deeper than {2 * Limit} columns.");
            }
        }
    }

    private AuditException Missing(string key) => At(_node, $"'{Qualified(key)}' is missing.");

    private AuditException At(YamlNode node, string message)
        => new(_assigned.TryGetValue(node, out string? assignment)
            ? $"--set {assignment}: {message}"
            : $"{_file}:{node.Start.Line}:{node.Start.Column}: {message}");

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
            ? throw At(node, $"'{path}' must be between {min} and {max}, not {text}.")
            : value;

    /// <summary>« Did you mean …?» for a word that is near one of the valid ones; empty otherwise.</summary>
    internal static string Nearest(string word, IEnumerable<string> valid)
    {
        (string? Word, int Distance) best = (null, int.MaxValue);
        foreach (string candidate in valid)
        {
            int distance = EditDistance(word, candidate);
            if (distance < best.Distance)
            {
                best = (candidate, distance);
            }
        }

        return best.Word is not null && best.Distance <= Math.Max(2, word.Length / 3) ? $" Did you mean '{best.Word}'?" : "";
    }

    // Levenshtein's distance, one row at a time.
    private static int EditDistance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
