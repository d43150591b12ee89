using System.Globalization;
using System.Numerics;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace AuditKit.Yaml;

/// <content>Numbers and lists that code puts into a mapping: nodes, never text that is read as YAML again.</content>
public sealed partial class SpecMap
{
    /// <summary>Replaces or adds a number.</summary>
    /// <param name="key">A key of this mapping.</param>
    /// <param name="value">The number, which is written with all its digits.</param>
    public void SetNumber<T>(string key, T value)
        where T : INumber<T>
        => _node.Children[new YamlScalarNode(key)] = new YamlScalarNode(value.ToString(null, CultureInfo.InvariantCulture));

    /// <summary>Replaces or adds a list of texts, whatever characters they have.</summary>
    /// <param name="key">A key of this mapping.</param>
    /// <param name="texts">The items, which are not read as YAML.</param>
    public void SetTexts(string key, IEnumerable<string> texts) => _node.Children[new YamlScalarNode(key)] =
        new YamlSequenceNode(texts.Select(text => new YamlScalarNode(text) { Style = ScalarStyle.DoubleQuoted })) { Style = SequenceStyle.Flow };

    /// <summary>The assignment that <see cref="Set(string)"/> reads back as a text, whatever characters it has.</summary>
    /// <param name="path">A key by its path, such as <c>model.path</c>.</param>
    /// <param name="text">The value.</param>
    /// <returns><c>path="text"</c>, one line.</returns>
    public static string Assignment(string path, string text)
    {
        const string Key = "value";
        SpecMap map = Parse(path, "{}");
        map._node.Style = MappingStyle.Block;
        map.SetText(Key, text);
        return $"{path}={map.ToYaml()[(Key.Length + 1)..].Trim()}";
    }
}
