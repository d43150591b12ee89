namespace AuditKit.Models.Onnx;

/// <summary>Batch norms that an export has multiplied into the convolutions before them, so that they cannot adapt themselves any more.</summary>
internal static class FoldedNormalisation
{
    /// <summary>What a report says of a model that has kept some of its batch norms; null where all or none are there.</summary>
    public static string? PartlyFolded(this Graph graph)
    {
        int norms = graph.Nodes.Count(node => node.Type == "BatchNormalization");
        Node[] convolutions = [.. graph.Nodes.Where(node => node.Type == "Conv")];
        HashSet<string> normalised = [.. graph.Nodes.Where(node => node.Type == "BatchNormalization").Select(node => node.Inputs[0])];
        // A bias is a sign of it: before a batch norm nobody needs one.
        int folded = convolutions.Count(node => node.Inputs is [_, _, { Length: > 0 }] && !normalised.Contains(node.Outputs[0]));
        return norms == 0 || folded == 0 ? null
            : $"{norms} in the graph; {folded} of {convolutions.Length} convolutions have a bias and none right behind them. Where an export has folded norms "
                + "into these, what adapts batch norms adapts the others alone";
    }
}
