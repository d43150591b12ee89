using AuditKit.Models.Onnx;

namespace AuditKit.Training.Graphs.Channels;

/// <summary>A node that gives of every channel what it makes of this channel alone, by parameters that have a number a channel.</summary>
/// <param name="node">The node.</param>
/// <param name="value">What it takes, and gives.</param>
/// <param name="parameters">The names of its parameters.</param>
internal sealed class ChannelwiseNode(Node node, ChannelValue value, params IReadOnlyList<string> parameters) : ChannelNode(node)
{
    /// <inheritdoc/>
    public override Node Without(Func<int, bool> isGone, IDictionary<string, TensorValue> tensors)
    {
        int[] staying = [.. Staying(value, isGone).SelectMany(i => Enumerable.Range(i * value.Repeat, value.Repeat))];
        foreach (string name in parameters)
        {
            TensorValue tensor = tensors[name];
            int dimension = tensor.Dimensions.ToArray().IndexOf(tensor.Count);
            tensors[name] = tensor.Take(dimension, staying);
        }

        return Node;
    }
}
