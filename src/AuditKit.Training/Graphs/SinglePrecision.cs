using AuditKit.Models.Onnx;

namespace AuditKit.Training.Graphs;

/// <summary>
/// Models of 16-bit or 64-bit floats, made 32-bit ones for libtorch: gradients of halves are lost below 6·10⁻⁸, and processors have no kernels
/// for them; methods, checkpoints and images are of 32-bit floats. What was trained is written in the model's own floats.
/// </summary>
internal static class SinglePrecision
{
    /// <summary>The model in 32-bit floats; the model itself where it has no others.</summary>
    public static Graph Of(Graph graph)
    {
        if (!Has(graph, IsOther))
        {
            return graph;
        }

        var initializers = new OrderedDictionary<string, TensorValue>(graph.Initializers.Count, StringComparer.Ordinal);
        foreach ((string name, TensorValue value) in graph.Initializers)
        {
            initializers.Add(name, Of(value));
        }

        return graph.With([.. graph.Nodes.Select(Of)], graph.Inputs, [.. graph.Outputs.Select(output => new GraphValue(output.Name))], initializers);
    }

    /// <summary>Whether a model computes in 16-bit floats anywhere.</summary>
    public static bool HasHalves(Graph graph) => Has(graph, IsHalf);

    /// <summary>Puts tensors that were trained into the graph that they come from, in its own types.</summary>
    /// <param name="trained">The graph that was trained.</param>
    /// <param name="graph">The user's.</param>
    /// <param name="names">The tensors' names. Others stay as they are: 32 bits would round numbers of 64.</param>
    public static void PutBack(Graph trained, Graph graph, params IEnumerable<string> names)
    {
        foreach (string name in names)
        {
            TensorValue value = trained.Initializers[name];
            graph.Initializers[name] = graph.Initializers[name].Type == value.Type ? value
                : TensorValue.Of(value.As<float>().ToArray().Select(x => (double)x), graph.Initializers[name].Type, value.Dimensions);
        }
    }

    private static bool IsHalf(ElementType type) => type is ElementType.Float16 or ElementType.BFloat16;

    private static bool IsOther(ElementType type) => IsHalf(type) || type == ElementType.Double;

    private static bool Has(Graph graph, Func<ElementType, bool> type)
        => graph.Initializers.Values.Any(value => type(value.Type)) || graph.Nodes.Exists(node => Has(node, type));

    private static bool Has(Node node, Func<ElementType, bool> type) => node.Attributes.Any(
        attribute => (attribute.Value.Value is TensorValue tensor && type(tensor.Type)) || (Target(attribute.Key, attribute.Value) is { } to && type(to)));

    // What a Cast makes of a value.
    private static ElementType? Target(string attribute, AttributeValue value) => attribute == "to" && value.Value is long type ? (ElementType)type : null;

    private static Node Of(Node node)
    {
        if (!Has(node, IsOther))
        {
            return node;
        }

        Node single = node.With(node.Inputs, node.Outputs);
        foreach ((string name, AttributeValue value) in node.Attributes)
        {
            single.Attributes[name] = value.Value is TensorValue tensor ? Of(tensor)
                : Target(name, value) is { } to && IsOther(to) ? (long)ElementType.Float : value;
        }

        return single;
    }

    private static TensorValue Of(TensorValue value) => value.Type switch
    {
        ElementType.Double => TensorValue.Of(Array.ConvertAll(value.As<double>().ToArray(), x => (float)x), value.Dimensions),
        ElementType.Float16 => TensorValue.Of(Array.ConvertAll(value.As<Half>().ToArray(), x => (float)x), value.Dimensions),
        ElementType.BFloat16 => TensorValue.Of(Array.ConvertAll(value.As<ushort>().ToArray(), x => BitConverter.Int32BitsToSingle(x << 16)), value.Dimensions),
        _ => value,
    };
}
