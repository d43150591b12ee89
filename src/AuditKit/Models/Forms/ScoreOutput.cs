using AuditKit.Models.Metadata;
using AuditKit.Models.Onnx;

namespace AuditKit.Models.Forms;

/// <summary>An output of a graph that may hold the classes' scores, and what stands between it and the logits.</summary>
/// <param name="Value">The value that holds a number a class: the output itself, or what a ZipMap makes a map of.</param>
/// <param name="Labels">The names that a ZipMap gives the classes; empty for none.</param>
/// <param name="Squashed">The input of the softmax, sigmoid or exponential that the scores come from, by the graph; null for none.</param>
/// <param name="Squasher">That node; null for none.</param>
/// <param name="IsUnbounded">Whether a layer gives the scores that is linear in its input, and so has no bounds of its own.</param>
/// <param name="IsRounded">Whether <paramref name="Squasher"/> alone gives the scores, rounded to integers, so that they need not sum to 1.</param>
internal sealed record ScoreOutput(
    string Value, IReadOnlyList<string> Labels, string? Squashed, Node? Squasher, bool IsUnbounded, bool IsRounded)
{
    // What exporters put behind a softmax, or between layers: shapes, types, and numbers that keep their order.
    private static readonly HashSet<string> s_keeping =
    [
        "Identity", "Flatten", "Reshape", "Squeeze", "Unsqueeze", "Dropout", "Transpose", "Cast", "Clip", "Log", "Mul", "Div", "Add", "Sub", "Max", "Min",
        "QuantizeLinear", "DequantizeLinear",
    ];

    private static readonly HashSet<string> s_squashing = ["Softmax", "LogSoftmax", "Sigmoid", "Exp"];
    private static readonly HashSet<string> s_unbounded =
    [
        "Gemm", "MatMul", "Conv", "BatchNormalization", "Scaler", "GlobalAveragePool", "AveragePool", "ReduceMean", "Einsum",
        "QGemm", "QLinearMatMul", "QLinearConv", "QLinearAdd", "QLinearGlobalAveragePool", "QLinearAveragePool", "QLinearReduceMean",
        "MatMulIntegerToFloat", "DynamicQuantizeMatMul",
    ];

    private static readonly HashSet<string> s_labelling = ["ArgMax", "ArrayFeatureExtractor", "TopK", "LabelEncoder", "Hardmax"];

    /// <summary>Whether a node between layers keeps the numbers, but for rounding, and changes their shape or type alone.</summary>
    public static bool Reshapes(Node node) => node.Type is "Identity" or "Flatten" or "Reshape" or "Squeeze" or "Unsqueeze" or "Dropout" or "Cast"
        or "QuantizeLinear" or "DequantizeLinear";

    /// <summary>Sees a value as scores; null where it holds a label or an input.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="givers">Its values' nodes.</param>
    /// <param name="name">The value.</param>
    public static ScoreOutput? Of(Graph graph, ValueGivers givers, string name)
    {
        IReadOnlyList<string> labels = [];
        if (givers.Index(name) is >= 0 and int last && graph.Nodes[last] is { Type: "ZipMap" } map)
        {
            labels = ZipMapNote.Labels(map);
            name = map.Inputs[0];
        }

        ElementType type = graph.Outputs.Find(output => output.Name == name)?.Type ?? ElementType.Undefined;
        if (type is not (ElementType.Undefined or ElementType.Float or ElementType.Float16 or ElementType.BFloat16 or ElementType.Double)
            || !Walk(graph, givers, name, out int end, out bool rounds) || (end >= 0 && s_labelling.Contains(graph.Nodes[end].Type)))
        {
            return null;
        }

        (string Value, Node Node)? squashed = Squashing(graph, givers, name);
        return new ScoreOutput(
            name, labels, squashed?.Value, squashed?.Node, end >= 0 && s_unbounded.Contains(graph.Nodes[end].Type),
            IsRounded: rounds && end >= 0 && graph.Nodes[end] == squashed?.Node);
    }

    // Back over shapes, types and constants to the node that makes the numbers; false where that is the model's input itself.
    private static bool Walk(Graph graph, ValueGivers givers, string name, out int index, out bool rounds)
    {
        rounds = false;
        index = givers.Index(name);
        while (index >= 0)
        {
            Node node = graph.Nodes[index];
            string? next = Reshapes(node) ? node.Inputs[0]
                : node.Type is "Add" or "Sub" or "Mul" or "Div" ? Varying(givers, node)
                : null;
            if (next is null)
            {
                return true;
            }

            rounds |= node.Type == "QuantizeLinear";
            name = next;
            index = givers.Index(name, index);
        }

        return false;
    }

    // The only input of a node that is not the same for every image; null where several are.
    private static string? Varying(ValueGivers givers, Node node)
    {
        string[] varying = [.. node.Inputs.Where(input => input.Length > 0 && !givers.IsConstant(input)).Distinct()];
        return varying.Length == 1 ? varying[0] : null;
    }

    // Generous, because numbers decide: what is found is taken only where its softmax gives the output.
    private static (string, Node)? Squashing(Graph graph, ValueGivers givers, string value)
    {
        var open = new Stack<int>([givers.Index(value)]);
        HashSet<int> seen = [];
        while (open.TryPop(out int index))
        {
            if (index < 0 || !seen.Add(index))
            {
                continue;
            }

            Node node = graph.Nodes[index];
            if (s_squashing.Contains(node.Type))
            {
                return (node.Inputs[0], node);
            }

            if (s_keeping.Contains(node.Type))
            {
                // The first input last, so that it is looked at first: a numerator before its denominator.
                foreach (string input in node.Inputs.Reverse().Where(input => input.Length > 0 && !givers.IsConstant(input)))
                {
                    open.Push(givers.Index(input, index));
                }
            }
        }

        return null;
    }
}
