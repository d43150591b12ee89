using AuditKit.Models.Onnx.Wire;

namespace AuditKit.Models.Onnx;

/// <summary>
/// A model: an ONNX graph in memory. The nodes stand in an order in which every value is computed before it is used.
/// </summary>
public sealed class Graph
{
    /// <summary>The version of ONNX's operators that AuditKit's own graphs are written in.</summary>
    public const int OwnOpset = 17;

    /// <summary>An empty graph.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="opset">The version of ONNX's operators that the nodes are written in.</param>
    public Graph(string name, int opset = OwnOpset)
    {
        (Name, Source) = (name, name);
        Opsets = new(StringComparer.Ordinal) { [""] = opset };
    }

    /// <summary>The graph's name.</summary>
    public string Name { get; }

    /// <summary>What messages call the model: the file that it was read from, or its name.</summary>
    public string Source { get; internal init; }

    /// <summary>Full paths of the files, beside <see cref="Source"/>, that some of its tensors were read from.</summary>
    public IReadOnlyCollection<string> ExternalFiles { get; internal init; } = [];

    /// <summary>
    /// SHA-256 of the file that it was read from, 64 lower-case hexadecimal digits; empty for a graph that was built. Where
    /// tensors lie in files of their own, it is that of the model's file followed by these, in the order of their paths:
    /// <c>cat model.onnx weights.bin | sha256sum</c>.
    /// </summary>
    public string Sha256 { get; internal set; } = "";

    /// <summary>Size in bytes of all these files.</summary>
    public long FileBytes { get; internal set; }

    /// <summary>The version of ONNX's own operators; 0 where the model uses none.</summary>
    public int Opset => Opsets.GetValueOrDefault("");

    /// <summary>The version of every operator set used, by domain; ONNX's own is the empty one.</summary>
    public Dictionary<string, int> Opsets { get; internal init; }

    /// <summary>The version of the file format; 8 goes with opset 17.</summary>
    public int FormatVersion { get; internal init; } = 8;

    /// <summary>The program that made the model, such as <c>pytorch</c>.</summary>
    public string Producer { get; internal init; } = "AuditKit";

    /// <summary>The version of that program.</summary>
    public string ProducerVersion { get; internal init; } = typeof(Graph).Assembly.GetName().Version!.ToString(3);

    /// <summary>The operators, in an order of execution.</summary>
    public List<Node> Nodes { get; internal init; } = [];

    /// <summary>The constants by name, in the file's order: the parameters, running statistics, shapes.</summary>
    public OrderedDictionary<string, TensorValue> Initializers { get; internal init; } = new(StringComparer.Ordinal);

    /// <summary>The values that a caller feeds. Older files list initialisers here too.</summary>
    public List<GraphValue> Inputs { get; internal init; } = [];

    /// <summary>The values that a caller gets.</summary>
    public List<GraphValue> Outputs { get; internal init; } = [];

    /// <summary>Notes that travel with the file: what it was trained on, what it scored.</summary>
    public Dictionary<string, string> Metadata { get; internal init; } = new(StringComparer.Ordinal);

    /// <summary>What the file has beyond all this (functions, quantisation notes), written back unchanged.</summary>
    internal ModelProto? Remainder { get; init; }

    /// <summary>The inputs that a caller must feed: those that are not initialisers.</summary>
    public IEnumerable<GraphValue> RequiredInputs => Inputs.Where(input => !Initializers.ContainsKey(input.Name));

    /// <summary>Adds an input of 32-bit floats.</summary>
    /// <param name="name">The value's name.</param>
    /// <param name="shape">Its dimensions: numbers, and names for variable ones.</param>
    /// <returns>The name, to be used as a node's input.</returns>
    public string Input(string name, params Dimension[] shape)
    {
        Inputs.Add(new GraphValue(name, ElementType.Float, shape));
        return name;
    }

    /// <summary>Adds an output of 32-bit floats.</summary>
    /// <param name="name">The value that becomes an output.</param>
    /// <param name="shape">Its dimensions: numbers, and names for variable ones.</param>
    public void Output(string name, params Dimension[] shape) =>
        Outputs.Add(new GraphValue(name, ElementType.Float, shape));

    /// <summary>Adds a constant.</summary>
    /// <param name="name">The value's name.</param>
    /// <param name="value">The tensor.</param>
    /// <returns>The name, to be used as a node's input.</returns>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public string Initializer(string name, TensorValue value)
    {
        Initializers.Add(name, value);
        return name;
    }

    /// <summary>Adds a node with one output, which also names the node.</summary>
    /// <param name="type">The operator, such as <c>Conv</c>.</param>
    /// <param name="inputs">Names of the values that it takes.</param>
    /// <param name="output">Name of the value that it gives.</param>
    /// <param name="attributes">Attributes: <c>("pads", new long[] { 1, 1, 1, 1 })</c>.</param>
    /// <returns>The output's name, to be used as the next node's input.</returns>
    public string Add(
        string type, IReadOnlyList<string> inputs, string output, params (string Name, AttributeValue Value)[] attributes)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        var node = new Node(type, inputs, [output]) { Name = output };
        foreach ((string name, AttributeValue value) in attributes)
        {
            node.Attributes.Add(name, value);
        }

        Nodes.Add(node);
        return output;
    }

    /// <summary>
    /// The same graph with more outputs: values in the middle, tapped by name. Nodes and tensors are shared, not copied.
    /// </summary>
    /// <param name="taps">Names of values; one that is an output already is not added again.</param>
    /// <exception cref="AuditException">No node gives a value of that name.</exception>
    public Graph WithOutputs(params IEnumerable<string> taps)
    {
        ArgumentNullException.ThrowIfNull(taps);
        List<GraphValue> outputs = [.. Outputs];
        foreach (string tap in taps)
        {
            if (!Nodes.Exists(node => node.Outputs.Contains(tap)))
            {
                throw new AuditException(
                    $"{Source}: no node gives a value named '{tap}'. The last values are: "
                    + $"{string.Join(", ", Nodes.SelectMany(node => node.Outputs).TakeLast(8))}.");
            }

            if (!outputs.Exists(output => output.Name == tap))
            {
                outputs.Add(new GraphValue(tap));
            }
        }

        return With(Nodes, Inputs, outputs);
    }

    /// <summary>The same model with other nodes, inputs and outputs, and perhaps other tensors and notes; else they are shared, not copied.</summary>
    internal Graph With(
        List<Node> nodes, List<GraphValue> inputs, List<GraphValue> outputs, OrderedDictionary<string, TensorValue>? initializers = null,
        Dictionary<string, string>? metadata = null) => new(Name)
        {
            Source = Source,
            Sha256 = Sha256,
            FileBytes = FileBytes,
            ExternalFiles = ExternalFiles,
            Opsets = Opsets.ContainsKey("") ? Opsets : new(Opsets, StringComparer.Ordinal) { [""] = OwnOpset },
            FormatVersion = FormatVersion,
            Producer = Producer,
            ProducerVersion = ProducerVersion,
            Nodes = nodes,
            Initializers = initializers ?? Initializers,
            Inputs = inputs,
            Outputs = outputs,
            Metadata = metadata ?? Metadata,
            Remainder = Remainder,
        };
}
