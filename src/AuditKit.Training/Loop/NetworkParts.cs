using AuditKit.Models;
using AuditKit.Models.Forms;
using AuditKit.Models.Onnx;
using AuditKit.Training.Graphs;

namespace AuditKit.Training.Loop;

/// <summary>The parts of a network that can be trained or frozen, found by the graph: what leads to the embedding, and what comes behind.</summary>
public sealed class NetworkParts
{
    private readonly GraphModule _network;
    private readonly ClassifierGraph _classifier;
    private readonly List<Node> _body;

    /// <summary>The parts of a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="classifier">The same graph, seen as a classifier.</param>
    public NetworkParts(GraphModule network, ClassifierGraph classifier)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(classifier);
        (_network, _classifier) = (network, classifier);
        _body = classifier.Embedding is { } embedding ? new ValueGivers(network.Graph).NeededFor(embedding) : [];
        HashSet<string> used = [.. _body.SelectMany(ValueGivers.Used)];
        Head = [.. network.Parameters.Keys.Where(name => classifier.Embedding is not null && !used.Contains(name))];
    }

    /// <summary>The names of the parameters behind the embedding; empty where the network has no embedding.</summary>
    public IReadOnlyCollection<string> Head { get; }

    /// <summary>
    /// The one value that the frozen part hands over to the trained one, from where on a step can be run; null where nothing is frozen, and
    /// where several values are handed over.
    /// </summary>
    public string? FrozenValue { get; private set; }

    /// <summary>Freezes what is not to be trained.</summary>
    /// <param name="trained">The part that is trained.</param>
    /// <exception cref="AuditException">The network has no such part.</exception>
    public void Freeze(TrainedPart trained)
    {
        if (trained == TrainedPart.All)
        {
            return;
        }

        if (Head.Count == 0)
        {
            throw new AuditException($"{_network.Graph.Source}: the network has no layer behind an embedding that could be trained alone: train: all.");
        }

        HashSet<Node> frozen = trained == TrainedPart.Head ? [.. _body] : BeforeLastBlock();
        _network.Freeze(frozen);
        if (_network.Parameters.Count == 0)
        {
            throw new AuditException($"{_network.Graph.Source}: all weights of the part that is to be trained are those of the frozen part, too. Write train: all.");
        }

        HashSet<string> given = [.. frozen.SelectMany(node => node.Outputs)];
        string[] used = [.. _network.Graph.Nodes.Except(frozen).SelectMany(node => node.Inputs).Where(given.Contains).Distinct()];
        FrozenValue = used is [var value] ? value : null;
    }

    // The block begins where values first have the size of the last convolution's output (by one image's run), a single pixel left aside: that
    // is what pooled values have, too. It holds every node that gives such a value or depends on one.
    private HashSet<Node> BeforeLastBlock()
    {
        Dictionary<string, long[]> shapes = Shapes();
        long[]? last = _body.Where(node => node.Type == "Conv").Select(Places).LastOrDefault(size => size is [var height, var width] && height * width > 1);
        if (last is null)
        {
            throw new AuditException($"{_network.Graph.Source}: the network has no stages of convolutions, the last of which could be trained alone. Write "
                + "train: head, or train: all.");
        }

        HashSet<string> block = new(StringComparer.Ordinal);
        HashSet<Node> before = [];
        foreach (Node node in _body)
        {
            if ((Places(node) is { } size && size.SequenceEqual(last)) || node.Inputs.Any(block.Contains))
            {
                block.UnionWith(node.Outputs);
            }
            else
            {
                before.Add(node);
            }
        }

        return before;

        long[]? Places(Node node) => shapes.TryGetValue(node.Outputs[0], out long[]? shape) && shape.Length == 4 ? shape[2..] : null;
    }

    private Dictionary<string, long[]> Shapes()
    {
        HashSet<Node> run = [.. _network.Nodes];
        string[] names = [.. _body.Where(run.Contains).Select(node => node.Outputs[0])];
        return names.Zip(_network.Shapes(_classifier.Input, _classifier.FixedBatch ?? 1, names)).ToDictionary(pair => pair.First, pair => pair.Second);
    }
}
