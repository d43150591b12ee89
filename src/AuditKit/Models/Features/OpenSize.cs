using AuditKit.Imaging;
using AuditKit.Models.Forms;
using AuditKit.Models.Onnx;

namespace AuditKit.Models.Features;

/// <summary>
/// Lifts what an export fixed: the size of the batch and that of the images. The input gets a variable batch and another
/// size, a Reshape that names the batch takes it from its input, and a pooling window that covers the whole image becomes global
/// pooling. Whatever else depends on the sizes shows when the result is run.
/// </summary>
internal static class OpenSize
{
    /// <summary>The same model for any batch, and for images of another size.</summary>
    /// <param name="graph">A model with one input and one output, which is not changed.</param>
    /// <param name="form">How its input holds images.</param>
    /// <param name="size">The images that it is to take.</param>
    /// <param name="options">What is done to pixels, for the run that finds how large its values are.</param>
    /// <exception cref="AuditException">The images have other channels, its input has no sides, or ONNX Runtime cannot run it.</exception>
    public static Graph Of(Graph graph, InputForm form, InputShape size, ClassifierOptions options)
    {
        if (form.Batch is null && size == form.Image)
        {
            return graph;
        }

        GraphValue input = new(form.Value.Name, form.Value.Type, Shape(graph.Source, form, size));
        string[] measured = [.. graph.Nodes.Where(node => node.Type is "Reshape" or "AveragePool" or "MaxPool").Select(node => node.Inputs[0]).Distinct()
            .Where(name => name != input.Name)];
        var border = new GraphBorder(graph);
        Graph tried = border.Whole([form.AddTo(border)], [graph.Outputs[0].Name, .. measured]);
        Dictionary<string, TrialValue> values = TrialRun.Of(tried, form, options);
        var names = new GraphBorder(graph);
        var initializers = new OrderedDictionary<string, TensorValue>(graph.Initializers, StringComparer.Ordinal);
        return graph.With([.. graph.Nodes.Select(Lift)], [input], graph.Outputs, initializers);

        Node Lift(Node node)
        {
            if (!values.TryGetValue(node.Inputs.FirstOrDefault(""), out TrialValue? value))
            {
                return node;
            }

            if (size != form.Image && node.Type is "AveragePool" or "MaxPool" && CoversAll(node, value.Shape))
            {
                return new Node($"Global{node.Type}", node.Inputs, node.Outputs) { Name = node.Name };
            }

            return node.Type == "Reshape" && value.Shape[0] == form.Batch && Target(graph, node) is [var first, ..] target && first == form.Batch
                ? Reshape(node, [0, .. target[1..]])
                : node;
        }

        Node Reshape(Node node, long[] target)
        {
            var lifted = new Node(node.Type, node.Inputs.Count == 1 ? node.Inputs : [node.Inputs[0], names.Fresh($"{node.Outputs[0]}, shape")], node.Outputs)
            {
                Name = node.Name,
            };
            if (node.Inputs.Count == 1)
            {
                lifted.Attributes["shape"] = target;
            }
            else
            {
                initializers.Add(lifted.Inputs[1], TensorValue.Of(target, target.Length));
            }

            return lifted;
        }
    }

    private static Dimension[] Shape(string path, InputForm form, InputShape size)
    {
        Dimension[] own = [.. form.Value.Shape!];
        Dimension batch = own[0].Size is null && own[0].Name is { } name ? name : "batch";
        if (size == form.Image)
        {
            return [batch, .. own[1..]];
        }

        if (size.Channels != form.Image.Channels || own.Length != 4)
        {
            throw new AuditException($"{path}: its input '{form.Value}' cannot take images of {size} (channels × height × width): "
                + (own.Length == 4 ? "the channels differ." : "it has no height and width of its own."));
        }

        return form.Layout == InputLayout.ChannelsFirst ? [batch, size.Channels, size.Height, size.Width] : [batch, size.Height, size.Width, size.Channels];
    }

    private static bool CoversAll(Node node, IReadOnlyList<long> shape)
        => node.Outputs.Count == 1 && shape.Count == 4
            && node.Attributes.GetValueOrDefault("kernel_shape")?.Value is long[] kernel && kernel.SequenceEqual(shape.Skip(2))
            && (node.Attributes.GetValueOrDefault("pads")?.Value is not long[] pads || pads.All(pad => pad == 0))
            && (node.Attributes.GetValueOrDefault("auto_pad")?.Value is not string pad || pad is "NOTSET" or "VALID" or "");

    // Newer opsets take the shape as an input, which here must be constant, and older ones as an attribute.
    private static long[]? Target(Graph graph, Node node)
        => node.Attributes.GetValueOrDefault("shape")?.Value is long[] fixedShape ? fixedShape
            : node.Inputs.Count < 2 || node.Attributes.GetValueOrDefault("allowzero")?.Value is 1L ? null
            : graph.Initializers.TryGetValue(node.Inputs[1], out TensorValue? known) ? known.As<long>().ToArray()
            : graph.Nodes.Find(giver => giver.Type == "Constant" && giver.Outputs[0] == node.Inputs[1])?.Attributes.GetValueOrDefault("value")?.Value
                is TensorValue constant ? constant.As<long>().ToArray()
            : null;
}
