using AuditKit.Models.Onnx;

namespace AuditKit.Training.Graphs.Channels;

/// <summary>A Pad that adds channels of zeros, as the shortcuts of residual networks do; some of those may go, too.</summary>
/// <param name="node">The node.</param>
/// <param name="before">The channels added in front.</param>
/// <param name="after">The channels added at the end.</param>
internal sealed class PaddedNode(Node node, int[] before, int[] after) : ChannelNode(node)
{
    /// <inheritdoc/>
    public override Node Without(Func<int, bool> isGone, IDictionary<string, TensorValue> tensors)
    {
        long[] pads = tensors[Node.Inputs[1]].As<long>().ToArray();
        pads[1] = before.Count(channel => !isGone(channel));
        pads[(pads.Length / 2) + 1] = after.Count(channel => !isGone(channel));
        tensors[Node.Inputs[1]] = TensorValue.Of(pads, pads.Length);
        return Node;
    }
}
