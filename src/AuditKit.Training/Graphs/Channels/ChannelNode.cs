using AuditKit.Models.Onnx;

namespace AuditKit.Training.Graphs.Channels;

/// <summary>A node that can do with fewer channels.</summary>
/// <param name="node">The node.</param>
internal abstract class ChannelNode(Node node)
{
    /// <summary>The node.</summary>
    public Node Node => node;

    /// <summary>Channels that the node cannot do without, as long as others are there.</summary>
    /// <param name="isGone">Whether a channel goes.</param>
    public virtual IEnumerable<int> Needed(Func<int, bool> isGone) => [];

    /// <summary>The node without the channels that go. Its tensors are replaced in the graph's initialisers.</summary>
    /// <param name="isGone">Whether a channel goes.</param>
    /// <param name="tensors">The graph's initialisers.</param>
    public virtual Node Without(Func<int, bool> isGone, IDictionary<string, TensorValue> tensors) => node;

    /// <summary>The indices of the channels of a value that stay.</summary>
    protected static int[] Staying(ChannelValue value, Func<int, bool> isGone)
        => [.. Enumerable.Range(0, value.Count).Where(i => !isGone(value.Channels[i]))];
}
