using AuditKit.Models.Onnx;

namespace AuditKit.Models.Forms;

/// <summary>
/// ONNX Runtime's QLinearSoftmax and QLinearSigmoid, whose inputs and outputs are integers. Spelt out as DequantizeLinear, the operator
/// itself and QuantizeLinear, the logits before them are seen.
/// </summary>
internal static class QuantisedSquashing
{
    /// <summary>The graph with the operators spelt out; the graph itself where it has none.</summary>
    public static Graph SpellOut(Graph graph)
    {
        if (!graph.Nodes.Exists(IsSquashing))
        {
            return graph;
        }

        var border = new GraphBorder(graph);
        return graph.With([.. graph.Nodes.SelectMany(node => IsSquashing(node) ? Spelt(node, border) : [node])], graph.Inputs, graph.Outputs);
    }

    // Inputs are x, its scale and zero point, and those of the output.
    private static bool IsSquashing(Node node)
        => node is { Type: "QLinearSoftmax" or "QLinearSigmoid", Domain: "com.microsoft", Inputs.Count: 4 or 5, Outputs.Count: 1 };

    private static Node[] Spelt(Node node, GraphBorder border)
    {
        string real = border.Fresh($"{node.Inputs[0]}, real"), squashed = border.Fresh($"{node.Outputs[0]}, real");
        var operation = new Node(node.Type["QLinear".Length..], [real], [squashed]) { Name = squashed };
        if (node.Attributes.TryGetValue("axis", out AttributeValue? axis))
        {
            operation.Attributes["axis"] = axis;
        }

        return
        [
            new Node("DequantizeLinear", [.. node.Inputs.Take(3)], [real]) { Name = real },
            operation,
            new Node("QuantizeLinear", [squashed, .. node.Inputs.Skip(3)], node.Outputs) { Name = node.Name },
        ];
    }
}
