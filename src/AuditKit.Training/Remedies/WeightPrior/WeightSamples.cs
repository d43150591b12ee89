using AuditKit.Models.Onnx;

namespace AuditKit.Training.Remedies.WeightPrior;

/// <summary>An ensemble of networks that differ in some of their weights, as one graph.</summary>
internal static class WeightSamples
{
    /// <summary>
    /// The network once for each draw of the weights, with the mean of their probabilities: the output is its logarithm, whose softmax it is.
    /// Other tensors are shared.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="logits">Its value that holds N×K logits.</param>
    /// <param name="samples">For each draw the weights by their name.</param>
    public static Graph Ensemble(Graph network, string logits, IReadOnlyList<IReadOnlyDictionary<string, TensorValue>> samples)
    {
        string output = "logits", prefix = "sample";
        HashSet<string> shared = [.. network.Initializers.Keys.Concat(network.RequiredInputs.Select(input => input.Name)), ""];
        var initializers = new OrderedDictionary<string, TensorValue>(StringComparer.Ordinal);
        foreach ((string name, TensorValue value) in network.Initializers.Where(each => !samples[0].ContainsKey(each.Key)))
        {
            initializers.Add(name, value);
        }

        List<Node> nodes = [];
        List<string> probabilities = [];
        foreach ((int i, IReadOnlyDictionary<string, TensorValue> weights) in samples.Index())
        {
            string Own(string value) => shared.Contains(value) && !weights.ContainsKey(value) ? value : $"{prefix}{i + 1}/{value}";
            foreach ((string name, TensorValue value) in weights)
            {
                initializers.Add(Own(name), value);
            }

            foreach (Node node in network.Nodes)
            {
                nodes.Add(node.With([.. node.Inputs.Select(Own)], [.. node.Outputs.Select(Own)], Own(node.Name)));
            }

            probabilities.Add($"{prefix}{i + 1}/probabilities of the sample");
            nodes.Add(new Node("Softmax", [Own(logits)], [probabilities[^1]]) { Attributes = { ["axis"] = 1L } });
        }

        string mean = "mean probabilities of the samples", least = "the least float";
        initializers.Add(least, TensorValue.Of([1.2e-38f]));
        nodes.Add(new Node("Mean", probabilities, [mean]));
        // Add, and not Max, takes two shapes in every opset that engines run.
        nodes.Add(new Node("Add", [mean, least], [$"{mean}, positive"]));
        nodes.Add(new Node("Log", [$"{mean}, positive"], [output]));
        return network.With(nodes, [.. network.RequiredInputs], [new GraphValue(output, ElementType.Float)], initializers);
    }
}
