using AuditKit.Models.Onnx;
using static TorchSharp.torch;

namespace AuditKit.Training.Graphs;

/// <summary>A layer that is linear in its input and whose weights are trained: a two-dimensional convolution or a matrix product.</summary>
/// <param name="Name">The name of its weights in the graph.</param>
/// <param name="Weights">O×(C/groups)×k×l kernels, or a matrix.</param>
internal sealed record LinearLayer(string Name, Tensor Weights)
{
    /// <summary>Whether the weights are a matrix of a column an output, as MatMul has them, instead of a row an output.</summary>
    public bool IsTransposed { get; init; }

    /// <summary>Whether the node takes the transpose of the weights as the graph has them.</summary>
    public bool IsTurned { get; init; }

    /// <summary>What the layer multiplies its weights by: Gemm's alpha.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Groups of channels that do not see each other.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>The window's steps, downwards and to the right.</summary>
    public (int Y, int X) Stride { get; init; } = (1, 1);

    /// <summary>The distances of the kernel's rows and columns in the input.</summary>
    public (int Y, int X) Dilation { get; init; } = (1, 1);

    /// <summary>
    /// Whether W has fewer rows than columns (m &lt; n), so that its rows cannot be a frame: a window of stride s gives
    /// O outputs for every C·s² inputs.
    /// </summary>
    public bool IsWide
    {
        get
        {
            (long outputs, long inputs) = (Weights.shape[IsTransposed ? 1 : 0] / Groups, Weights.shape[IsTransposed ? 0 : 1]);
            return outputs < inputs * Stride.Y * Stride.X;
        }
    }

    /// <summary>The weights, groups×(O/groups)×(C/groups)×k×l; a matrix is a convolution of one pixel.</summary>
    public Tensor Kernels()
    {
        Tensor weights = IsTransposed ? Weights.t() : Weights;
        weights = Scale == 1 ? weights : weights.mul(Scale);
        long[] window = weights.ndim == 4 ? weights.shape[2..] : [1, 1];
        return weights.reshape([Groups, weights.shape[0] / Groups, weights.shape[1], .. window]);
    }

    /// <summary>The weights of a filter in a row: groups×(O/groups)×(C/groups·k·l).</summary>
    public Tensor Filters() => Kernels().flatten(2);

    /// <summary>The trained linear layers of a network, in the order in which they run; weights that two nodes share, once.</summary>
    public static IReadOnlyList<LinearLayer> Find(GraphModule network) => [.. ByNode(network).Values.DistinctBy(layer => layer.Name)];

    /// <summary>The same, of which there must be one.</summary>
    /// <param name="network">The network.</param>
    /// <param name="purpose">What is to be done with them, as the end of a sentence: "that a penalty could act on".</param>
    /// <exception cref="AuditException">The network has none.</exception>
    public static IReadOnlyList<LinearLayer> Require(GraphModule network, string purpose) => Find(network) is { Count: > 0 } layers
        ? layers
        : throw new AuditException($"{network.Graph.Source}: the network has no convolution and no matrix product with trained weights {purpose}.");

    /// <summary>The trained linear layers of a network by the node that runs them, in the order in which they run.</summary>
    public static IReadOnlyDictionary<Node, LinearLayer> ByNode(GraphModule network)
    {
        var givers = network.Nodes
            .Where(node => node.Type is "Identity" or "Transpose")
            .ToDictionary(node => node.Outputs[0], StringComparer.Ordinal);
        var layers = new OrderedDictionary<Node, LinearLayer>();
        foreach (Node node in network.Nodes.Where(node => node.Domain.Length == 0))
        {
            if (Layer(node) is { } layer)
            {
                layers.Add(node, layer with { IsTurned = Weights(node.Inputs[1])!.IsTransposed });
            }
        }

        return layers;

        LinearLayer? Layer(Node node)
        {
            if (node.Type is not ("Conv" or "Gemm" or "MatMul") || Weights(node.Inputs[1]) is not { } layer)
            {
                return null;
            }

            return (node.Type, layer.Weights.ndim) switch
            {
                ("Conv", 4) when !layer.IsTransposed => layer with
                {
                    Groups = (int)node.Attribute("group", 1L),
                    Stride = Pair(node, "strides"),
                    Dilation = Pair(node, "dilations"),
                },
                ("Gemm", 2) => layer with
                {
                    IsTransposed = layer.IsTransposed == (node.Attribute("transB", 0L) == 1),
                    Scale = node.Attribute("alpha", 1f),
                },
                ("MatMul", 2) => layer with { IsTransposed = !layer.IsTransposed },
                _ => null,
            };
        }

        // Exports put a parameter's transpose or another name between it and its use.
        LinearLayer? Weights(string name)
        {
            if (network.Parameters.TryGetValue(name, out TorchSharp.Modules.Parameter? parameter))
            {
                return new LinearLayer(name, parameter);
            }

            return givers.TryGetValue(name, out Node? giver) && Weights(giver.Inputs[0]) is { } source
                ? source with { IsTransposed = source.IsTransposed != (giver.Type == "Transpose") }
                : null;
        }
    }

    private static (int Y, int X) Pair(Node node, string name) => node.Attribute<long[]>(name, []) is [var y, var x] ? ((int)y, (int)x) : (1, 1);
}
