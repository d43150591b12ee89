using AuditKit.Models;
using AuditKit.Models.Onnx;

namespace AuditKit.Training.Graphs.Channels;

/// <summary>
/// Takes channels out of a model that its answers do not depend on: those that nothing has a weight for, and those that hold a constant,
/// which biases take over. The answers stay the same but for rounding.
/// </summary>
internal static class DeadChannels
{
    /// <summary>The model without its dead channels; every value keeps one at least.</summary>
    /// <param name="graph">The model, which is not changed.</param>
    /// <param name="options">What the file does not say of its use.</param>
    /// <exception cref="AuditException">The model is no classifier, or ONNX Runtime cannot run it.</exception>
    public static Graph Remove(Graph graph, ClassifierOptions options)
    {
        IReadOnlyCollection<string> flattened = ChannelFlow.Flattened(graph);
        var flow = new ChannelFlow(graph, flattened.Count == 0 ? new Dictionary<string, long[]>() : ValueShapes.Of(ClassifierGraph.Of(graph, options), flattened));
        HashSet<int> gone = Gone(flow);
        var tensors = new OrderedDictionary<string, TensorValue>(graph.Initializers, StringComparer.Ordinal);
        if (gone.Count == 0)
        {
            return graph;
        }

        List<Node> nodes =
        [
            .. graph.Nodes.Select(node => flow.Nodes.TryGetValue(node, out ChannelNode? known)
                ? known.Without(channel => gone.Contains(flow.Sets.Find(channel)), tensors) : node),
        ];
        return graph.With(nodes, graph.Inputs, graph.Outputs, tensors);
    }

    /// <summary>The channels that go, as <see cref="ChannelSets.Find"/> gives them.</summary>
    private static HashSet<int> Gone(ChannelFlow flow)
    {
        HashSet<int> kept = flow.Sets.Kept();
        while (true)
        {
            HashSet<int> gone = Gone(flow, kept);
            // A tensor without channels is no tensor that every engine knows.
            int[] saved = [.. flow.Values.Select(value => value.Channels.Select(flow.Sets.Find).ToArray()).Where(channels => channels.All(gone.Contains))
                .Select(channels => channels[0])];
            if (saved.Length == 0)
            {
                return gone;
            }

            kept.UnionWith(saved);
        }
    }

    private static HashSet<int> Gone(ChannelFlow flow, HashSet<int> kept)
    {
        // What goes makes more go: a layer's outputs take with them the inputs that they alone have weights for.
        HashSet<int> gone = [];
        while (true)
        {
            HashSet<int> next = flow.Sets.All();
            next.ExceptWith(kept);
            next.ExceptWith(flow.Nodes.Values.SelectMany(node => node.Needed(channel => gone.Contains(flow.Sets.Find(channel)))).Select(flow.Sets.Find));
            if (next.Count == gone.Count)
            {
                return gone;
            }

            gone = next;
        }
    }
}
