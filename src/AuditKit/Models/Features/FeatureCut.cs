using AuditKit.Models.Forms;
using AuditKit.Models.Onnx;

namespace AuditKit.Models.Features;

/// <summary>A model cut behind the value that holds an image's features.</summary>
internal static class FeatureCut
{
    // What keeps channels, rows and columns in their places, so that what a convolution gave can be averaged over an image.
    private static readonly HashSet<string> s_keepsPlaces =
    [
        "BatchNormalization", "InstanceNormalization", "Relu", "LeakyRelu", "PRelu", "Clip", "Sigmoid", "HardSigmoid", "HardSwish", "Elu", "Selu", "Softplus",
        "Tanh", "Erf", "Add", "Sub", "Mul", "Div", "Concat", "Identity", "Dropout", "MaxPool", "AveragePool", "Pad", "Cast", "LRN", "Mish", "Gelu",
    ];

    /// <summary>The value that a model's features are taken from where none is named: the input of its last linear layer, or its output.</summary>
    /// <param name="graph">The model.</param>
    /// <exception cref="AuditException">It has several outputs.</exception>
    public static string Value(Graph graph)
    {
        if (graph.Outputs.Count > 1)
        {
            throw new AuditException($"{graph.Source}: the model has {graph.Outputs.Count} outputs: "
                + $"{string.Join(", ", graph.Outputs.Select(output => output.Name))}. Say which value holds the features: embedding: NAME.");
        }

        string output = graph.Outputs[0].Name;
        var givers = new ValueGivers(graph);
        var dense = new LastDenseLayer(graph, givers);
        ScoreOutput? scores = ScoreOutput.Of(graph, givers, output);
        return (scores?.Squashed is { } logits ? dense.Input(logits) : null) ?? dense.Input(scores?.Value ?? output) ?? output;
    }

    /// <summary>The part of a model that gives a value, which becomes its only output.</summary>
    /// <param name="graph">The model, which is not changed.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="AuditException">No node gives it, or it comes from none or several images.</exception>
    public static Graph Behind(Graph graph, string value)
    {
        ClassifierGraph.RequireValue(graph, value);
        List<Node> nodes = new ValueGivers(graph).NeededFor(value);
        HashSet<string> used = [.. nodes.SelectMany(ValueGivers.Used)];
        GraphValue[] inputs = [.. graph.RequiredInputs.Where(input => used.Contains(input.Name))];
        if (inputs.Length != 1)
        {
            throw new AuditException($"{graph.Source}: '{value}' is computed from {inputs.Length} inputs of the model, and features from one image.");
        }

        var initializers = new OrderedDictionary<string, TensorValue>(StringComparer.Ordinal);
        foreach ((string name, TensorValue tensor) in graph.Initializers.Where(entry => used.Contains(entry.Key)))
        {
            initializers.Add(name, tensor);
        }

        return graph.With(nodes, [.. inputs], [new GraphValue(value)], initializers);
    }

    /// <summary>Whether a value holds N×C×H×W numbers of an image's places, as convolutions give them.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="value">The value.</param>
    public static bool HoldsPlaces(Graph graph, string value)
    {
        var givers = new ValueGivers(graph);
        int index = givers.Index(value);
        while (index >= 0 && s_keepsPlaces.Contains(graph.Nodes[index].Type))
        {
            index = graph.Nodes[index].Inputs.Max(input => givers.Index(input, index));
        }

        return index >= 0 && graph.Nodes[index].Type is "Conv" or "ConvTranspose";
    }
}
