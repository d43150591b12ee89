using AuditKit.Models.Onnx;

namespace AuditKit.Training.Graphs;

/// <summary>
/// Models of 16-bit floats, made 32-bit ones for libtorch: gradients of halves are lost below 6·10⁻⁸, and processors have no kernels for
/// them. What was trained is rounded to halves again when it is written.
/// </summary>
internal static class HalfPrecision
{
    /// <summary>The model in 32-bit floats; the model itself where it has no others.</summary>
    public static Graph Widen(Graph graph)
    {
        if (!HasHalves(graph))
        {
            return graph;
        }

        var initializers = new OrderedDictionary<string, TensorValue>(graph.Initializers.Count, StringComparer.Ordinal);
        foreach ((string name, TensorValue value) in graph.Initializers)
        {
            initializers.Add(name, Widen(value));
        }

        return graph.With([.. graph.Nodes.Select(Widen)], graph.Inputs, [.. graph.Outputs.Select(output => new GraphValue(output.Name))], initializers);
    }

    /// <summary>Whether a model computes in 16-bit floats anywhere.</summary>
    public static bool HasHalves(Graph graph) => graph.Initializers.Values.Any(IsHalf)
        || graph.Nodes.Exists(node => node.Attributes.Any(attribute => IsHalf(attribute.Value) || IsCast(attribute.Key, attribute.Value)));

    /// <summary>Puts tensors that were trained into the graph that they come from, in its own types.</summary>
    /// <param name="trained">The graph that was trained.</param>
    /// <param name="graph">The user's.</param>
    public static void Narrow(Graph trained, Graph graph)
    {
        foreach (string name in graph.Initializers.Keys.ToArray())
        {
            if (trained.Initializers.TryGetValue(name, out TensorValue? value))
            {
                graph.Initializers[name] = graph.Initializers[name].Type == value.Type ? value
                    : TensorValue.Of(value.As<float>().ToArray().Select(x => (double)x), graph.Initializers[name].Type, value.Dimensions);
            }
        }
    }

    private static bool IsHalf(TensorValue value) => value.Type is ElementType.Float16 or ElementType.BFloat16;

    private static bool IsHalf(AttributeValue value) => value.Value is TensorValue tensor && IsHalf(tensor);

    private static bool IsCast(string attribute, AttributeValue value)
        => attribute == "to" && value.Value is long type && (ElementType)type is ElementType.Float16 or ElementType.BFloat16;

    private static Node Widen(Node node)
    {
        if (!node.Attributes.Any(attribute => IsHalf(attribute.Value) || IsCast(attribute.Key, attribute.Value)))
        {
            return node;
        }

        var wide = new Node(node.Type, node.Inputs, node.Outputs) { Domain = node.Domain, Name = node.Name };
        foreach ((string name, AttributeValue value) in node.Attributes)
        {
            wide.Attributes[name] = value.Value is TensorValue tensor ? Widen(tensor) : IsCast(name, value) ? (long)ElementType.Float : value;
        }

        return wide;
    }

    private static TensorValue Widen(TensorValue value) => value.Type switch
    {
        ElementType.Float16 => TensorValue.Of(Array.ConvertAll(value.As<Half>().ToArray(), x => (float)x), value.Dimensions),
        ElementType.BFloat16 => TensorValue.Of(Array.ConvertAll(value.As<ushort>().ToArray(), x => BitConverter.Int32BitsToSingle(x << 16)), value.Dimensions),
        _ => value,
    };
}
