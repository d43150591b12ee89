using AuditKit.Models.Onnx;

namespace AuditKit.Training.Graphs;

/// <summary>A node's attributes by name and type.</summary>
internal static class NodeAttributes
{
    /// <summary>The value of an attribute, or another where the node has none of that name and type.</summary>
    /// <typeparam name="T">A type that <see cref="AttributeValue.Value"/> may have.</typeparam>
    /// <param name="node">The node.</param>
    /// <param name="name">The attribute's name.</param>
    /// <param name="otherwise">What ONNX says of a node without it.</param>
    public static T Attribute<T>(this Node node, string name, T otherwise)
        => node.Attributes.TryGetValue(name, out AttributeValue? value) && value.Value is T typed ? typed : otherwise;
}
