using AuditKit.Models.Onnx;

namespace AuditKit.Checks.Weights;

/// <summary>
/// The scales of weights whose operator takes none: ConvInteger and MatMulInteger give integers, which a Mul behind them makes real by
/// the product of the input's scale and the weights'.
/// </summary>
/// <param name="graph">The model.</param>
/// <param name="constants">Its constants.</param>
internal sealed class IntegerScales(Graph graph, GraphConstants constants)
{
    /// <summary>The scales of a node's weights, one or one a filter; null where they are not found.</summary>
    public ConstantTensor? Of(Node product)
    {
        if (InputScale(product.Inputs[0]) is not { } input || User(product.Outputs[0]) is not { Type: "Cast" } cast || User(cast.Outputs[0]) is not { } scaling)
        {
            return null;
        }

        string? factor = Other(scaling, cast.Outputs[0]);
        if (factor is null)
        {
            return null;
        }

        // Either both scales in one product, or one after the other.
        string? scale = Giver(factor) is { } both && Other(both, input) is { } multiplied ? multiplied
            : factor == input ? User(scaling.Outputs[0]) is { } next ? Other(next, scaling.Outputs[0]) : null
            : User(scaling.Outputs[0]) is { } last && Other(last, scaling.Outputs[0]) == input ? factor
            : null;
        // One a filter may have dimensions of 1 around it, for the places of a convolution.
        return constants.Find(scale) is { } found && found.Dimensions.Count(length => length > 1) <= 1 ? found : null;
    }

    private string? InputScale(string value)
    {
        // A damaged file may lead in circles; no chain is longer than there are nodes in it.
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            switch (Giver(value))
            {
                case { Type: "DynamicQuantizeLinear", Outputs.Count: > 1 } dynamic:
                    return dynamic.Outputs[1];
                case { Type: "QuantizeLinear" } rounding:
                    return rounding.Inputs[1];
                case { Type: "Identity" or "Flatten" or "Reshape" or "Squeeze" or "Unsqueeze" or "Transpose" or "MaxPool" } same:
                    value = same.Inputs[0];
                    break;
                default:
                    return null;
            }
        }

        return null;
    }

    // The other factor of a product.
    private static string? Other(Node node, string factor) => node is not { Type: "Mul", Inputs: [var first, var second] } ? null
        : first == factor ? second : second == factor ? first : null;

    private Node? Giver(string value) => graph.Nodes.Find(node => node.Outputs.Contains(value));

    private Node? User(string value) => graph.Nodes.Where(node => node.Inputs.Contains(value)).ToArray() is [var only] ? only : null;
}
