using AuditKit.Models.Onnx;
using static TorchSharp.torch;

namespace AuditKit.Training.Graphs;

/// <summary>What an operator sees of the node that it runs: inputs, attributes, opset and mode.</summary>
/// <param name="model">What messages call the model.</param>
/// <param name="node">The node.</param>
/// <param name="opset">The version that the operator is written in.</param>
/// <param name="inputs">The values of the node's inputs; null for an optional one left out.</param>
/// <param name="training">Whether batch norm uses the batch's statistics and dropout drops.</param>
internal sealed class NodeContext(string model, Node node, int opset, Tensor?[] inputs, bool training)
{
    /// <summary>The version that the operator is written in.</summary>
    public int Opset { get; } = opset;

    /// <summary>Whether batch norm uses the batch's statistics and dropout drops.</summary>
    public bool Training { get; } = training;

    /// <summary>The first input.</summary>
    public Tensor X => Input(0);

    /// <summary>The inputs that are there.</summary>
    public IEnumerable<Tensor> Inputs => inputs.OfType<Tensor>();

    /// <summary>Number of outputs that the node names.</summary>
    public int Outputs => node.Outputs.Count;

    /// <summary>An input that must be there.</summary>
    public Tensor Input(int index) => Optional(index) ?? throw Unusable($"has no input {index}");

    /// <summary>An input, or null where it is left out.</summary>
    public Tensor? Optional(int index) => index < inputs.Length ? inputs[index] : null;

    /// <summary>Whether an output is named, so that it must be computed.</summary>
    public bool Wants(int output) => output < node.Outputs.Count && node.Outputs[output].Length > 0;

    /// <summary>Whether an attribute is given.</summary>
    public bool Has(string attribute) => node.Attributes.ContainsKey(attribute);

    /// <summary>A whole number.</summary>
    public long Int(string attribute, long fallback) => Find<long?>(attribute) ?? fallback;

    /// <summary>A truth value, stored as a whole number.</summary>
    public bool Flag(string attribute, bool fallback = false) => Int(attribute, fallback ? 1 : 0) != 0;

    /// <summary>A floating point number.</summary>
    public float Float(string attribute, float fallback) => Find<float?>(attribute) ?? fallback;

    /// <summary>A text.</summary>
    public string Text(string attribute, string fallback) => Find<string>(attribute) ?? fallback;

    /// <summary>A list of whole numbers, a copy that may be changed, or null where it is left out.</summary>
    public long[]? Ints(string attribute) => Find<long[]>(attribute)?.ToArray();

    /// <summary>A list of floating point numbers, or null where it is left out.</summary>
    public float[]? Floats(string attribute) => Find<float[]>(attribute);

    /// <summary>A list of texts, or null where it is left out.</summary>
    public string[]? Texts(string attribute) => Find<string[]>(attribute);

    /// <summary>A tensor, or null where it is left out.</summary>
    public TensorValue? Tensor(string attribute) => Find<TensorValue>(attribute);

    /// <summary>Whole numbers that newer opsets take as an input and older ones as an attribute; null where left out.</summary>
    public long[]? IntsFrom(int input, string attribute) => Optional(input)?.ToLongs() ?? Ints(attribute);

    /// <summary>A dimension counted from the front, from one that may be counted from the back.</summary>
    /// <param name="axis">−rank .. rank − 1.</param>
    /// <param name="rank">The number of dimensions.</param>
    public long Axis(long axis, long rank) =>
        axis >= -rank && axis < rank ? (axis + rank) % rank : throw Unusable($"names axis {axis} of {rank}");

    /// <summary>Dimensions counted from the front.</summary>
    public long[] Axes(long[] axes, long rank) => Array.ConvertAll(axes, axis => Axis(axis, rank));

    /// <summary>The error that this node cannot be run.</summary>
    /// <param name="what">What the node has or does that is not supported, as the end of a sentence that starts with "it".</param>
    public AuditException Unusable(string what) =>
        new($"{model}: the node {node} (opset {Opset}) cannot be trained: it {what}.");

    private T? Find<T>(string attribute) =>
        !node.Attributes.TryGetValue(attribute, out AttributeValue? value) ? default
        : value.Value is T typed ? typed
        : throw Unusable($"has an attribute '{attribute}' of an unexpected type");
}
