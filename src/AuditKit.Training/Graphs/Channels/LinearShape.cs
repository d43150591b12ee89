using AuditKit.Models.Onnx;

namespace AuditKit.Training.Graphs.Channels;

/// <summary>How the weights of a convolution or matrix product lie.</summary>
/// <param name="Weights">The name of its weights.</param>
/// <param name="Bias">The name of its bias; null for none.</param>
/// <param name="OutputDimension">The dimension of the weights, 0 or 1, that counts outputs.</param>
/// <param name="Rank">Number of dimensions of its output.</param>
/// <param name="HasBorder">Whether windows at the border see zeros that were padded.</param>
/// <param name="CanShift">Whether it has a bias, or can be given one.</param>
internal sealed record LinearShape(string Weights, string? Bias, int OutputDimension, int Rank, bool HasBorder, bool CanShift)
{
    /// <summary>The shape of a node; null for another operator, and for forms that are not read.</summary>
    /// <param name="node">The node.</param>
    /// <param name="input">What it takes; null where nothing is known of it.</param>
    /// <param name="constant">An initialiser of floating point numbers that this node alone uses; null where a value is none.</param>
    public static LinearShape? Of(Node node, ChannelValue? input, Func<string, TensorValue?> constant)
    {
        if (node.Domain.Length > 0 || node.Type is not ("Conv" or "Gemm" or "MatMul") || constant(node.Inputs[1]) is not { } weights
            || weights.Numbers() is null)
        {
            return null;
        }

        string? bias = node.Inputs.ElementAtOrDefault(2) is { Length: > 0 } name ? name : null;
        int rank = weights.Dimensions.Length;
        LinearShape? shape = node.Type switch
        {
            "Conv" when rank > 2 && node.Attribute("group", 1L) == 1 => new(node.Inputs[1], bias, 0, rank, IsPadded(node), true),
            "Gemm" when rank == 2 && node.Attribute("transA", 0L) == 0 && node.Attribute("alpha", 1f) == 1 && node.Attribute("beta", 1f) == 1
                => new(node.Inputs[1], bias, node.Attribute("transB", 0L) == 1 ? 0 : 1, rank, false, true),
            "MatMul" when rank == 2 && input is { Rank: 2 } => new(node.Inputs[1], null, 1, rank, false, false),
            _ => null,
        };
        if (shape is null)
        {
            return null;
        }

        long outputs = weights.Dimensions[shape.OutputDimension], inputs = weights.Dimensions[1 - shape.OutputDimension];
        bool fits = input is null || (input.Rank == rank && (long)input.Count * input.Repeat == inputs);
        return fits && (bias is null || (constant(bias) is { Dimensions.Length: > 0 } values && values.Numbers()?.Length == outputs
            && values.Dimensions[^1] == outputs)) ? shape : null;
    }

    private static bool IsPadded(Node node) => node.Attribute<long[]>("pads", []).Any(pad => pad != 0)
        || node.Attribute("auto_pad", "NOTSET") is not ("NOTSET" or "VALID");
}
