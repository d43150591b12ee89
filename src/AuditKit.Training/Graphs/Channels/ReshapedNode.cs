using AuditKit.Models.Onnx;

namespace AuditKit.Training.Graphs.Channels;

/// <summary>A Reshape that flattens a value to a length that its shape names.</summary>
/// <param name="node">The node.</param>
/// <param name="value">What it gives.</param>
internal sealed class ReshapedNode(Node node, ChannelValue value) : ChannelNode(node)
{
    /// <inheritdoc/>
    public override Node Without(Func<int, bool> isGone, IDictionary<string, TensorValue> tensors)
    {
        long[] shape = tensors[Node.Inputs[1]].As<long>().ToArray();
        shape[1] = Staying(value, isGone).Length * (long)value.Repeat;
        tensors[Node.Inputs[1]] = TensorValue.Of(shape, shape.Length);
        return Node;
    }
}
