using AuditKit.Models.Onnx;

namespace AuditKit.Models.Forms;

/// <summary>
/// Nodes that are put before and behind those of a model, in a copy of its graph. The model's own nodes, values and tensors keep their
/// names; what is added is named after the value that it is made of.
/// </summary>
/// <param name="graph">The model, which is not changed.</param>
internal sealed class GraphBorder(Graph graph)
{
    private readonly List<Node> _before = [];
    private readonly List<Node> _behind = [];
    private readonly HashSet<string> _names =
        [.. graph.Nodes.SelectMany(node => node.Outputs.Concat(ValueGivers.Used(node))), .. graph.Initializers.Keys, .. graph.Inputs
            .Select(input => input.Name)];

    /// <summary>A name that no value of the model has.</summary>
    public string Fresh(string name)
    {
        while (!_names.Add(name))
        {
            name += "'";
        }

        return name;
    }

    /// <summary>Adds a node before those of the model.</summary>
    /// <returns>The name of its output.</returns>
    public string Before(string type, IReadOnlyList<string> inputs, string output, params (string Name, AttributeValue Value)[] attributes)
        => Add(_before, type, inputs, output, attributes);

    /// <summary>Adds a node behind those of the model.</summary>
    /// <returns>The name of its output.</returns>
    public string Behind(string type, IReadOnlyList<string> inputs, string output, params (string Name, AttributeValue Value)[] attributes)
        => Add(_behind, type, inputs, output, attributes);

    /// <summary>A constant before all nodes. No initialiser: those are the model's own, which training writes back.</summary>
    /// <returns>Its name.</returns>
    public string Constant(string name, TensorValue value)
    {
        name = Fresh(name);
        var node = new Node("Constant", [], [name]) { Name = name, Attributes = { ["value"] = value } };
        _before.Insert(0, node);
        return name;
    }

    /// <summary>A value cut off below at a number; from opset 11 on the bound is an input.</summary>
    public string AtLeast(string value, float bound) => graph.Opset is > 0 and < 11
        ? Behind("Clip", [value], Fresh($"{value}, clipped"), ("min", bound))
        : Behind("Clip", [value, Constant($"{value}, least", TensorValue.Of([bound]))], Fresh($"{value}, clipped"));

    /// <summary>The graph with what was added, without nodes and inputs that its outputs do not need.</summary>
    /// <param name="inputs">The values that a caller feeds.</param>
    /// <param name="outputs">The values that a caller gets.</param>
    public Graph Whole(IEnumerable<GraphValue> inputs, params IEnumerable<string> outputs)
    {
        List<GraphValue> results = [.. outputs.Distinct().Select(name => graph.Outputs.Find(output => output.Name == name) ?? new GraphValue(name))];
        Graph whole = graph.With([.. _before, .. graph.Nodes, .. _behind], [], results);
        List<Node> nodes = new ValueGivers(whole).NeededFor(results.Select(result => result.Name));
        // Old files list their initialisers among the inputs.
        return graph.With(nodes, [.. inputs, .. graph.Inputs.Where(input => graph.Initializers.ContainsKey(input.Name))], results);
    }

    private static string Add(
        List<Node> nodes, string type, IReadOnlyList<string> inputs, string output, (string Name, AttributeValue Value)[] attributes)
    {
        var node = new Node(type, inputs, [output]) { Name = output };
        foreach ((string name, AttributeValue value) in attributes)
        {
            node.Attributes.Add(name, value);
        }

        nodes.Add(node);
        return output;
    }
}
