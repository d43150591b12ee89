using System.Globalization;
using AuditKit.Models.Onnx;

namespace AuditKit.Models.Metadata;

/// <summary>The names in a ZipMap, by which ML.NET, scikit-learn and Azure Custom Vision turn probabilities into a map.</summary>
internal static class ZipMapNote
{
    /// <summary>The note; null where the graph has no such node with names.</summary>
    /// <exception cref="AuditException">A name is empty, or they are too many.</exception>
    public static ModelNote? Of(Graph graph)
    {
        string[]? names = graph.Nodes.Where(node => node.Type == "ZipMap").Select(Labels).FirstOrDefault(labels => labels.Length > 0);
        return names is null ? null : new("the model's ZipMap") { Classes = ClassNames.InOrder($"{graph.Source}: its ZipMap", names) };
    }

    /// <summary>The labels of a ZipMap in the order of its columns; empty where it has none.</summary>
    public static string[] Labels(Node map)
        => map.Attributes.TryGetValue("classlabels_strings", out AttributeValue? texts) && texts.Value is string[] { Length: > 0 } names ? names
            : map.Attributes.TryGetValue("classlabels_int64s", out AttributeValue? numbers) && numbers.Value is long[] indices
            ? [.. indices.Select(index => index.ToString(CultureInfo.InvariantCulture))]
            : [];
}
