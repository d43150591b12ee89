namespace AuditKit.Models.Onnx;

/// <summary>One operator of a graph, with the values that it takes and gives.</summary>
/// <param name="type">The operator, such as <c>Conv</c>.</param>
/// <param name="inputs">Names of the values taken, in the operator's order; empty for an optional one left out.</param>
/// <param name="outputs">Names of the values given; empty for an optional one not wanted.</param>
public sealed class Node(string type, IReadOnlyList<string> inputs, IReadOnlyList<string> outputs)
{
    /// <summary>The operator, such as <c>Conv</c>.</summary>
    public string Type { get; } = type;

    /// <summary>The operator set that <see cref="Type"/> belongs to; empty for ONNX's own.</summary>
    public string Domain { get; init; } = "";

    /// <summary>The node's name, for messages; may be empty.</summary>
    public string Name { get; init; } = "";

    /// <summary>Names of the values taken, in the operator's order; empty for an optional one left out.</summary>
    public IReadOnlyList<string> Inputs { get; } = inputs;

    /// <summary>Names of the values given; empty for an optional one not wanted.</summary>
    public IReadOnlyList<string> Outputs { get; } = outputs;

    /// <summary>The attributes by name.</summary>
    public Dictionary<string, AttributeValue> Attributes { get; } = new(StringComparer.Ordinal);

    /// <summary>The same operator with other values, and perhaps another name.</summary>
    internal Node With(IReadOnlyList<string> inputs, IReadOnlyList<string> outputs, string? name = null)
    {
        var node = new Node(Type, inputs, outputs) { Domain = Domain, Name = name ?? Name };
        foreach ((string key, AttributeValue value) in Attributes)
        {
            node.Attributes.Add(key, value);
        }

        return node;
    }

    /// <summary>What messages call the node: its operator and its name, or its first output where it has none.</summary>
    public override string ToString() => $"{Type} '{(Name.Length > 0 ? Name : Outputs.FirstOrDefault(""))}'";
}
