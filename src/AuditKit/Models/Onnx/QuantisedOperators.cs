using System.Collections.Frozen;

namespace AuditKit.Models.Onnx;

/// <summary>
/// The operators that compute with integers in place of real numbers, real = (integer − zero point) · scale: ONNX's own, and those
/// that ONNX Runtime adds in the domain <c>com.microsoft</c>. A table says which of their inputs are such integers.
/// </summary>
internal static class QuantisedOperators
{
    private const string Contributed = "com.microsoft";

    private static readonly FrozenDictionary<(string Domain, string Type), (QuantisedInput[] Data, QuantisedInput? Weights)> s_table =
        new Dictionary<(string, string), (QuantisedInput[], QuantisedInput?)>
        {
            [("", "QuantizeLinear")] = ([], null),
            [("", "DynamicQuantizeLinear")] = ([], null),
            [("", "DequantizeLinear")] = ([new(0, 1, 2)], null),
            [("", "QLinearConv")] = ([new(0, 1, 2)], new(3, 4, 5)),
            [("", "QLinearMatMul")] = ([new(0, 1, 2)], new(3, 4, 5)),
            [("", "ConvInteger")] = ([], new(1, null, 3)),
            [("", "MatMulInteger")] = ([], new(1, null, 3)),
            [(Contributed, "QuantizeLinear")] = ([], null),
            [(Contributed, "DequantizeLinear")] = ([new(0, 1, 2)], null),
            [(Contributed, "QGemm")] = ([new(0, 1, 2)], new(3, 4, 5)),
            [(Contributed, "MatMulIntegerToFloat")] = ([new(0, 2, 4)], new(1, 3, 5)),
            [(Contributed, "DynamicQuantizeMatMul")] = ([], new(1, 2, 3)),
            [(Contributed, "QLinearAdd")] = ([new(0, 1, 2), new(3, 4, 5)], null),
            [(Contributed, "QLinearMul")] = ([new(0, 1, 2), new(3, 4, 5)], null),
            [(Contributed, "QLinearConcat")] = ([new(2, 3, 4), new(5, 6, 7)], null),
            [(Contributed, "QLinearAveragePool")] = ([new(0, 1, 2)], null),
            [(Contributed, "QLinearGlobalAveragePool")] = ([new(0, 1, 2)], null),
            [(Contributed, "QLinearReduceMean")] = ([new(0, 1, 2)], null),
            [(Contributed, "QLinearLeakyRelu")] = ([new(0, 1, 2)], null),
            [(Contributed, "QLinearSigmoid")] = ([new(0, 1, 2)], null),
            [(Contributed, "QLinearSoftmax")] = ([new(0, 1, 2)], null),
            // Layers with integer weights that nothing here reads.
            [(Contributed, "QLinearConv")] = ([new(0, 1, 2)], null),
            [(Contributed, "MatMulNBits")] = ([], null),
            [(Contributed, "QAttention")] = ([], null),
            [(Contributed, "QEmbedLayerNormalization")] = ([], null),
            [(Contributed, "DynamicQuantizeLSTM")] = ([], null),
        }.ToFrozenDictionary();

    /// <summary>Whether a node rounds to integers, or computes with them.</summary>
    public static bool IsQuantised(Node node) => s_table.ContainsKey((node.Domain, node.Type));

    /// <summary>Whether a node finds the range of what it rounds in a batch of images, so that an image's answer depends on the batch.</summary>
    public static bool RangesOverBatch(Node node) => node.Type is "DynamicQuantizeLinear" or "DynamicQuantizeMatMul" or "DynamicQuantizeLSTM";

    /// <summary>The values of a node that images pass through as integers.</summary>
    public static IReadOnlyList<QuantisedInput> Data(Node node)
        => s_table.TryGetValue((node.Domain, node.Type), out (QuantisedInput[] Data, QuantisedInput? Weights) entry) ? entry.Data : [];

    /// <summary>A node's integer weights; null where it has none that can be read.</summary>
    public static QuantisedInput? Weights(Node node)
        => s_table.TryGetValue((node.Domain, node.Type), out (QuantisedInput[] Data, QuantisedInput? Weights) entry) ? entry.Weights : null;

    /// <summary>The name of a node's input; null where it was left out.</summary>
    public static string? Input(Node node, int? index)
        => index is { } i && i < node.Inputs.Count && node.Inputs[i].Length > 0 ? node.Inputs[i] : null;
}

/// <summary>Where an operator takes a value of integers.</summary>
/// <param name="Value">The index of the input that holds the integers.</param>
/// <param name="Scale">That of their scale; null where the operator takes none.</param>
/// <param name="ZeroPoint">That of their zero point, which a node may leave out.</param>
internal sealed record QuantisedInput(int Value, int? Scale, int ZeroPoint);
