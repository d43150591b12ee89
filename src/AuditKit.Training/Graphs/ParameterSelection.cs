using AuditKit.Models.Onnx;

namespace AuditKit.Training.Graphs;

/// <summary>
/// What of a graph is trained. ONNX does not tell parameters from other constants, so their use does: a parameter is
/// a floating point initialiser that is not a running statistic, not a setting (the bounds of a Clip), not a scalar
/// (the 6 of a spelt-out HardSwish), and not applied to the model's input before any other operator (the mean and
/// standard deviation of a built-in normalisation).
/// </summary>
/// <param name="Parameters">Names of the initialisers that gradients train.</param>
/// <param name="Buffers">Names of the initialisers that training updates itself.</param>
/// <param name="Settings">Names of values that say how an operator computes.</param>
internal sealed record ParameterSelection(
    IReadOnlySet<string> Parameters, IReadOnlySet<string> Buffers, IReadOnlySet<string> Settings)
{
    private static readonly HashSet<string> s_preprocessing =
        new(StringComparer.Ordinal)
        {
            "Add", "Sub", "Mul", "Div", "Cast", "Identity", "Transpose", "Reshape", "Flatten", "Squeeze", "Unsqueeze",
        };

    /// <summary>Decides by how the nodes use the initialisers.</summary>
    public static ParameterSelection Of(Graph graph)
    {
        HashSet<string> used = new(StringComparer.Ordinal);
        HashSet<string> buffers = new(StringComparer.Ordinal);
        HashSet<string> settings = new(StringComparer.Ordinal);
        HashSet<string> constants = new(StringComparer.Ordinal);
        HashSet<string> raw = new(graph.RequiredInputs.Select(input => input.Name), StringComparer.Ordinal);
        foreach (Node node in graph.Nodes)
        {
            Operator entry = OperatorTable.Find(graph, node);
            bool isPreprocessing = s_preprocessing.Contains(node.Type)
                && node.Inputs.Any(raw.Contains)
                && node.Inputs.All(name => raw.Contains(name) || graph.Initializers.ContainsKey(name) || constants.Contains(name));
            if (isPreprocessing)
            {
                raw.UnionWith(node.Outputs);
            }

            if (node.Type == "Constant")
            {
                constants.UnionWith(node.Outputs);
            }

            for (int i = 0; i < node.Inputs.Count; i++)
            {
                HashSet<string> kind = Array.IndexOf(entry.Buffers, i) >= 0 ? buffers
                    : Array.IndexOf(entry.Settings, i) >= 0 ? settings
                    : isPreprocessing ? constants
                    : used;
                kind.Add(node.Inputs[i]);
            }
        }

        return new ParameterSelection(
            graph.Initializers
                .Where(entry => used.Contains(entry.Key)
                    && !buffers.Contains(entry.Key)
                    && !constants.Contains(entry.Key)
                    && entry.Value is { Type: ElementType.Float or ElementType.Double, Dimensions.Length: > 0 })
                .Select(entry => entry.Key)
                .ToHashSet(StringComparer.Ordinal),
            buffers.Where(graph.Initializers.ContainsKey).ToHashSet(StringComparer.Ordinal),
            settings);
    }
}
