using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace AuditKit.Yaml;

/// <summary>What is changed in a mapping after it was read, and how it is written.</summary>
public sealed partial class SpecMap
{
    // The places of values that came from the command line or from code, which have no line in the file: shared by all mappings of a document.
    private readonly Dictionary<YamlNode, string> _places;

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

        if (string.IsNullOrWhiteSpace(assignment[(equals + 1)..]))
        {
            throw new AuditException($"--set {assignment}: there is no value after '='. Write null for the default of a value, or {{}} for a block without keys.");
        }

        YamlMappingNode mapping = _node;
        string[] keys = assignment[..equals].Split('.');
        if (keys.Length > SpecEvents.MaxDepth)
        {
            throw new AuditException($"--set {assignment}: the key leads deeper than {SpecEvents.MaxDepth} levels.");
        }

        foreach (string key in keys[..^1])
        {
            if (!mapping.Children.TryGetValue(new YamlScalarNode(key), out YamlNode? next) || next is YamlScalarNode { Value: null or "" })
            {
                mapping.Children[Assigned(key)] = next = new YamlMappingNode();
                _places[next] = $"--set {assignment}";
            }

            mapping = next as YamlMappingNode
                ?? throw new AuditException($"--set {assignment}: '{key}' holds a value, not 'key: value' pairs.");
        }

        YamlMappingNode value = Load($"value: {assignment[(equals + 1)..]}", _ => $"--set {assignment}");
        YamlNode assigned = value.Children.Count == 1
            ? value.Children[new YamlScalarNode("value")]
            : throw new AuditException($"--set {assignment}: expected one value after '='.");
        mapping.Children[Assigned(keys[^1])] = assigned;
        foreach (YamlNode node in assigned.AllNodes)
        {
            _places[node] = $"--set {assignment}";
        }

        YamlScalarNode Assigned(string key)
        {
            var node = new YamlScalarNode(key);
            _places[node] = $"--set {assignment}";
            return node;
        }
    }

    /// <summary>Replaces or adds a text, whatever characters it has; errors say it of the value that it replaces.</summary>
    /// <param name="key">A key of this mapping.</param>
    /// <param name="text">The value, which is not read as YAML.</param>
    public void SetText(string key, string text)
    {
        var value = new YamlScalarNode(text) { Style = ScalarStyle.DoubleQuoted };
        _places[value] = PlaceOf(Raw(key) ?? _node);
        _node.Children[new YamlScalarNode(key)] = value;
    }

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
}
