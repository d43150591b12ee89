using AuditKit.Models;
using AuditKit.Models.Onnx;

namespace AuditKit.Checks.Weights;

/// <summary>
/// Finds the linear layers of a model. Integer weights are taken for the real numbers that they stand for; where a layer's input is
/// integers too, its zero point and the output's rounding are no part of the linear map.
/// </summary>
internal sealed class LinearLayers
{
    // Layers that ONNX Runtime adds, or makes of others, and that are not read here: they must not go unsaid.
    private static readonly HashSet<string> s_unread =
    [
        "QLinearConv", "FusedConv", "NhwcFusedConv", "FusedMatMul", "FusedGemm", "MatMulNBits", "QAttention", "QEmbedLayerNormalization",
        "DynamicQuantizeLSTM", "MatMulFpQ4", "TransposeMatMul",
    ];

    private readonly Graph _graph;
    private readonly GraphConstants _constants;
    private readonly IntegerScales _scales;
    private readonly Dictionary<string, long[]> _shapes;

    private LinearLayers(ClassifierGraph classifier)
    {
        _graph = classifier.Graph;
        _constants = new GraphConstants(_graph);
        _scales = new IntegerScales(_graph, _constants);
        string[] inputs = [.. _graph.Nodes.Where(IsConvolution).Select(node => node.Inputs[0])
            .Where(name => name != classifier.InputName && !_graph.Initializers.ContainsKey(name))];
        _shapes = new Dictionary<string, long[]>(ValueShapes.Of(classifier, inputs))
        {
            [classifier.InputName] = [classifier.Input.Channels, classifier.Input.Height, classifier.Input.Width],
        };
    }

    /// <summary>The layers of a model in the order in which they run, and the nodes whose weights cannot be read.</summary>
    /// <exception cref="AuditException">The model cannot be run to learn the sizes of its values.</exception>
    public static (IReadOnlyList<WeightLayer> Layers, IReadOnlyList<string> LeftOut) Find(ClassifierGraph classifier)
    {
        var finder = new LinearLayers(classifier);
        List<WeightLayer> layers = [];
        List<string> leftOut = [];
        foreach (Node node in finder._graph.Nodes)
        {
            (bool isLayer, WeightLayer? layer) = finder.Read(node);
            if (layer is not null)
            {
                layers.Add(layer);
            }
            else if (isLayer)
            {
                leftOut.Add(node.ToString());
            }
        }

        return (layers, leftOut);
    }

    private static bool IsConvolution(Node node) => node is { Type: "Conv" or "ConvTranspose" or "QLinearConv" or "ConvInteger", Domain: "" };

    private (bool IsLayer, WeightLayer? Layer) Read(Node node) => (node.Domain, node.Type) switch
    {
        ("", "Conv" or "ConvTranspose") => (true, Convolution(node, node.Inputs[1], _constants.Find(node.Inputs[1]))),
        ("", "QLinearConv" or "ConvInteger") => (true, Convolution(node, NameOf(node), Real(node, axis: 0))),
        ("", "Gemm") => (true, Gemm(node, node.Inputs[1], _constants.Find(node.Inputs[1]))),
        ("com.microsoft", "QGemm") => (true, Gemm(node, NameOf(node), Real(node, IsTransposed(node) ? 0 : 1))),
        ("", "MatMul") when node.Inputs.Any(name => _constants.Find(name) is not null) => (true, MatMul(node.Inputs[1], _constants.Find(node.Inputs[1]))),
        ("", "QLinearMatMul" or "MatMulInteger") or ("com.microsoft", "MatMulIntegerToFloat" or "DynamicQuantizeMatMul")
            when _constants.FindIntegers(NameOf(node)) is not null => (true, MatMul(NameOf(node), Real(node, axis: 1))),
        ("com.microsoft", var type) when s_unread.Contains(type) => (true, null),
        _ => (false, null),
    };

    private static string NameOf(Node node) => node.Inputs[QuantisedOperators.Weights(node)!.Value];

    private ConstantTensor? Real(Node node, long axis)
        => _constants.FindReal(node, axis, QuantisedOperators.Weights(node) is { Scale: { } scale } ? _constants.Find(node.Inputs[scale]) : _scales.Of(node));

    private WeightLayer? Convolution(Node node, string name, ConstantTensor? kernels)
    {
        bool isTransposed = node.Type == "ConvTranspose";
        return kernels is { Dimensions: [> 0, > 0, > 0, > 0] } && _shapes.TryGetValue(node.Inputs[0], out long[]? input) && input.Length == 3
            && (isTransposed ? ConvolutionWindow.OfAdjoint(node, kernels.Dimensions, input)
                : ConvolutionWindow.Of(node, kernels.Dimensions, input)) is { } window
            ? new WeightLayer(name, kernels.Rows(), window, isTransposed)
            : null;
    }

    private static WeightLayer? Gemm(Node node, string name, ConstantTensor? weights)
    {
        if (weights is not { Dimensions: [> 0, > 0] })
        {
            return null;
        }

        float scale = node.Attributes.TryGetValue("alpha", out AttributeValue? alpha) && alpha.Value is float factor ? factor : 1;
        double[][] rows = IsTransposed(node) ? weights.Rows() : weights.Columns();
        return new WeightLayer(name, [.. rows.Select(row => row.Select(weight => weight * scale).ToArray())], null);
    }

    private static bool IsTransposed(Node node) => node.Attributes.TryGetValue("transB", out AttributeValue? value) && value.Value is 1L;

    private static WeightLayer? MatMul(string name, ConstantTensor? weights)
        => weights is { Dimensions: [> 0, > 0] } ? new WeightLayer(name, weights.Columns(), null) : null;
}
