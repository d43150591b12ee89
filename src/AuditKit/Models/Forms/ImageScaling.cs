using AuditKit.Models.Onnx;

namespace AuditKit.Models.Forms;

/// <summary>
/// ImageScaler, an operator of old experimental opsets that Azure Custom Vision and CoreML exports begin with: x · scale + bias of the
/// channel. Spelt out, every engine runs it.
/// </summary>
internal static class ImageScaling
{
    /// <summary>The graph with the operator spelt out; the graph itself where it has none.</summary>
    public static Graph SpellOut(Graph graph)
    {
        if (!graph.Nodes.Exists(IsScaler))
        {
            return graph;
        }

        var border = new GraphBorder(graph);
        List<Node> nodes = [], constants = [];
        foreach (Node node in graph.Nodes)
        {
            if (!IsScaler(node))
            {
                nodes.Add(node);
                continue;
            }

            float scale = node.Attributes.TryGetValue("scale", out AttributeValue? factor) && factor.Value is float given ? given : 1;
            float[] bias = node.Attributes.TryGetValue("bias", out AttributeValue? offsets) && offsets.Value is float[] values ? values : [0];
            string product = border.Fresh($"{node.Outputs[0]}, scaled");
            nodes.Add(new Node("Mul", [node.Inputs[0], Constant("scale", [scale])], [product]) { Name = product });
            nodes.Add(new Node("Add", [product, Constant("bias", bias)], node.Outputs) { Name = node.Name });

            string Constant(string what, float[] numbers)
            {
                string name = border.Fresh($"{node.Outputs[0]}, {what}");
                constants.Add(new Node("Constant", [], [name]) { Name = name, Attributes = { ["value"] = TensorValue.Of(numbers, numbers.Length, 1, 1) } });
                return name;
            }
        }

        return graph.With([.. constants, .. nodes], graph.Inputs, graph.Outputs);
    }

    private static bool IsScaler(Node node) => node is { Type: "ImageScaler", Domain: "" };
}
