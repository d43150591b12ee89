using System.Collections.Frozen;
using AuditKit.Models.Onnx.Wire;

namespace AuditKit.Models.Onnx;

/// <summary>
/// How many values ONNX's operators take and give at the least, in any of their versions. Whoever reads a graph relies on it, and
/// ONNX Runtime itself ends the process where an operator of many outputs has one without a name.
/// </summary>
internal static class GraphRules
{
    // ONNX's Changelog.md: the fewest inputs over all versions of an operator; all others take at least one. The first inputs of
    // Loop and of the first Scan may be left out.
    private static readonly FrozenDictionary<string, int> s_fewestInputs = Table(
        (0, "Constant Loop Optional OptionalHasElement RandomNormal RandomUniform Scan SequenceEmpty"),
        (2, """
            Add AffineGrid And BitShift BitwiseAnd BitwiseOr BitwiseXor CastLike CenterCropPad Compress Conv ConvInteger ConvTranspose CumProd
            CumSum DequantizeLinear Div Equal Expand Gather GatherElements GatherND Gemm Greater GreaterOrEqual GridSample LayerNormalization
            Less LessOrEqual MatMul MatMulInteger MaxRoiPool MaxUnpool Mod Mul NegativeLogLikelihoodLoss NonMaxSuppression Or PRelu Pow
            QuantizeLinear RMSNormalization ReverseSequence STFT SequenceAt SequenceInsert SoftmaxCrossEntropyLoss StringConcat Sub
            TensorScatter Tile Xor
            """),
        (3, """
            Attention Col2Im DeformConv GRU InstanceNormalization LSTM OneHot RNN Range RoiAlign RotaryEmbedding Scatter ScatterElements
            ScatterND Where
            """),
        (5, "BatchNormalization MelWeightMatrix"),
        (8, "QLinearConv QLinearMatMul"));

    // Recurrent layers may give any of their outputs; all others give at least the first.
    private static readonly FrozenDictionary<string, int> s_fewestOutputs =
        Table((0, "GRU LSTM RNN"), (2, "StringSplit TopK"), (3, "DynamicQuantizeLinear"));

    private static readonly FrozenSet<string> s_allInputs = FrozenSet.Create(
        StringComparer.Ordinal, "Concat", "Einsum", "Max", "Mean", "Min", "SequenceConstruct", "Sum");

    private static readonly FrozenSet<string> s_allOutputs = FrozenSet.Create(StringComparer.Ordinal, "Split");

    /// <summary>What is wrong with a node; null where nothing is.</summary>
    /// <param name="node">A node of any operator set; only ONNX's own operators are known.</param>
    public static string? Fault(Node node)
    {
        if (node.Domain.Length > 0)
        {
            return null;
        }

        int inputs = s_allInputs.Contains(node.Type) ? Math.Max(1, node.Inputs.Count) : s_fewestInputs.GetValueOrDefault(node.Type, 1);
        int outputs = s_allOutputs.Contains(node.Type) ? Math.Max(1, node.Outputs.Count) : s_fewestOutputs.GetValueOrDefault(node.Type, 1);
        return Missing(node.Inputs, inputs) is { } input ? $"{node} lacks its input {input}"
            : Missing(node.Outputs, outputs) is { } output ? $"{node} lacks its output {output}"
            : node.Outputs.All(name => name.Length == 0) ? $"{node} has no output"
            : null;
    }

    /// <summary>What is wrong with a node inside another one's attribute or in a function; null where nothing is.</summary>
    public static string? Fault(IEnumerable<NodeProto> nodes) => nodes.Select(Fault).FirstOrDefault(fault => fault is not null);

    /// <summary>What is wrong with the nodes of the graphs that an attribute holds; null where nothing is.</summary>
    public static string? Fault(AttributeProto attribute)
        => attribute.Graphs.Concat(attribute.G is { } graph ? [graph] : []).Select(inner => Fault(inner.Node)).FirstOrDefault(fault => fault is not null);

    private static string? Fault(NodeProto node)
        => Fault(new Node(node.OpType, node.Input, node.Output) { Domain = node.Domain is "ai.onnx" ? "" : node.Domain, Name = node.Name })
            ?? node.Attribute.Select(Fault).FirstOrDefault(fault => fault is not null);

    // The number, from 1, of the first value that has to be there and is not.
    private static int? Missing(IReadOnlyList<string> names, int fewest)
    {
        for (int i = 0; i < fewest; i++)
        {
            if (i >= names.Count || names[i].Length == 0)
            {
                return i + 1;
            }
        }

        return null;
    }

    private static FrozenDictionary<string, int> Table(params (int Fewest, string Operators)[] rows)
        => rows.SelectMany(row => row.Operators.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(name => (name, row.Fewest)))
            .ToFrozenDictionary(entry => entry.name, entry => entry.Fewest, StringComparer.Ordinal);
}
