using AuditKit.Models.Forms;
using AuditKit.Models.Onnx;

namespace AuditKit.Training.Graphs;

/// <summary>
/// Gives tensors that an export has kept once, because they were equal, to each of their users again. A network that was never trained has
/// one tensor of ones for all scales and running variances of a size, and one of zeros for shifts, running means and biases: a step of
/// training would change all of them at once.
/// </summary>
internal static class SharedTensors
{
    /// <summary>The model with a tensor for each layer that uses a uniform one; the model itself where nothing is shared.</summary>
    public static Graph Divide(Graph graph)
    {
        // Names of tensors by other names that Identity gives them.
        var tensors = graph.Initializers.Keys.ToDictionary(name => name, StringComparer.Ordinal);
        List<Node> users = [];
        foreach (Node node in graph.Nodes)
        {
            if (node is { Type: "Identity", Domain: "" } && tensors.TryGetValue(node.Inputs[0], out string? tensor))
            {
                tensors[node.Outputs[0]] = tensor;
            }
            else
            {
                users.Add(node);
            }
        }

        Dictionary<string, int> uses = users.SelectMany(node => node.Inputs).Where(tensors.ContainsKey).CountBy(name => tensors[name]).ToDictionary();
        var border = new GraphBorder(graph);
        var initializers = new OrderedDictionary<string, TensorValue>(graph.Initializers, StringComparer.Ordinal);
        Dictionary<(string Tensor, string Layer, int Place), string> given = [];
        HashSet<string> kept = [];
        var divided = users.ToDictionary(node => node, WithItsOwn);
        return divided.All(pair => pair.Key == pair.Value) ? graph
            : graph.With([.. graph.Nodes.Select(node => divided.GetValueOrDefault(node, node))], graph.Inputs, graph.Outputs, initializers);

        Node WithItsOwn(Node node)
        {
            string[] inputs = [.. node.Inputs.Select((name, place) => tensors.ContainsKey(name) ? Own(node, place, name) : name)];
            return inputs.SequenceEqual(node.Inputs) ? node : node.With(inputs, node.Outputs);
        }

        string Own(Node node, int place, string name)
        {
            string tensor = tensors[name];
            if (uses[tensor] == 1 || !IsUniform(graph.Initializers[tensor]))
            {
                // Running statistics are updated in place, so that they must be the tensor itself and not another name of it.
                return node.Type == "BatchNormalization" ? tensor : name;
            }

            (string, string, int) use = (tensor, Layer(node), place);
            if (!given.TryGetValue(use, out string? own))
            {
                // The first one keeps the tensor itself.
                own = given[use] = kept.Add(tensor) ? tensor : border.Fresh($"{tensor}, of {node.Outputs[0]}");
                initializers.TryAdd(own, graph.Initializers[tensor]);
            }

            return own;
        }

        // Nodes that share a tensor of several values are one layer that is used more than once, and share the rest of theirs, too.
        string Layer(Node node) => node.Inputs.Where(tensors.ContainsKey).Select(name => tensors[name])
            .FirstOrDefault(tensor => uses[tensor] > 1 && graph.Initializers[tensor].Dimensions.Length > 1 && !IsUniform(graph.Initializers[tensor]))
                ?? node.Outputs[0];
    }

    // Single numbers are settings, such as an epsilon.
    private static bool IsUniform(TensorValue value)
        => value is { Dimensions.Length: > 0, Count: > 1 } && value.Type switch
        {
            ElementType.Float => Has(value.As<float>()),
            ElementType.Double => Has(value.As<double>()),
            ElementType.Float16 => Has(value.As<Half>()),
            ElementType.BFloat16 => Has(value.As<ushort>()),
            _ => false,
        };

    private static bool Has<T>(ReadOnlySpan<T> values)
        where T : IEquatable<T> => !values.ContainsAnyExcept(values[0]);
}
