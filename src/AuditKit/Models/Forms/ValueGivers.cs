using AuditKit.Models.Onnx;
using AuditKit.Models.Onnx.Wire;

namespace AuditKit.Models.Forms;

/// <summary>Which node gives each value of a graph. Walks lead from a node to earlier ones alone, so that they end in damaged graphs, too.</summary>
/// <param name="graph">The model.</param>
internal sealed class ValueGivers(Graph graph)
{
    private readonly Dictionary<string, int> _indices = graph.Nodes
        .SelectMany((node, index) => node.Outputs.Where(name => name.Length > 0).Select(name => (name, index)))
        .GroupBy(pair => pair.name, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => group.Last().index, StringComparer.Ordinal);

    /// <summary>The index of the node that gives a value; −1 where none does that stands before another one.</summary>
    /// <param name="value">The value's name.</param>
    /// <param name="before">The index of the node that uses it.</param>
    public int Index(string value, int before = int.MaxValue) => _indices.TryGetValue(value, out int index) && index < before ? index : -1;

    /// <summary>Whether a value is the same for every image, as far as its giver tells.</summary>
    public bool IsConstant(string value)
        => graph.Initializers.ContainsKey(value) || (Index(value) is >= 0 and int index && graph.Nodes[index].Type == "Constant");

    /// <summary>The nodes, in order, that values depend on.</summary>
    public List<Node> NeededFor(params IEnumerable<string> values)
    {
        var needed = new HashSet<string>(values, StringComparer.Ordinal);
        List<Node> nodes = [];
        for (int i = graph.Nodes.Count - 1; i >= 0; i--)
        {
            Node node = graph.Nodes[i];
            if (node.Outputs.Any(needed.Contains))
            {
                nodes.Add(node);
                needed.UnionWith(Used(node));
            }
        }

        nodes.Reverse();
        return nodes;
    }

    /// <summary>The names of all values, weights among them, that a value is computed from.</summary>
    public HashSet<string> UsedFor(string value) => [.. NeededFor(value).SelectMany(Used)];

    /// <summary>The names of all values that a node uses, those of the graphs in its attributes included.</summary>
    public static IEnumerable<string> Used(Node node)
        => node.Inputs.Concat(node.Attributes.Values.Select(value => value.Value).OfType<AttributeProto>().SelectMany(Used));

    private static IEnumerable<string> Used(AttributeProto attribute)
        => attribute.Graphs.Concat(attribute.G is { } graph ? [graph] : []).SelectMany(inner =>
            inner.Output.Select(output => output.Name).Concat(inner.Node.SelectMany(node => node.Input.Concat(node.Attribute.SelectMany(Used)))));
}
