using AuditKit.Models.Onnx;

namespace AuditKit.Training.Graphs.Channels;

/// <summary>A Concat of channels, which takes what there is.</summary>
/// <param name="node">The node.</param>
internal sealed class ConcatNode(Node node) : ChannelNode(node);
