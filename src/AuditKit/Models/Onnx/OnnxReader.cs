using System.Runtime.InteropServices;
using AuditKit.Models.Onnx.Wire;

namespace AuditKit.Models.Onnx;

/// <summary>From protobuf messages to the graph in memory. Every inconsistency is an error that names file and place.</summary>
internal sealed class OnnxReader
{
    private readonly string _path;
    private readonly ExternalData _external;

    private OnnxReader(string path) => (_path, _external) = (path, new ExternalData(path));

    /// <summary>The graph that a model's message describes.</summary>
    /// <param name="path">The file that it comes from: for messages, and its folder for external data.</param>
    /// <param name="model">The message. It is emptied of what the graph holds.</param>
    public static Graph Model(string path, ModelProto model) => new OnnxReader(path).Read(model);

    /// <summary>A tensor that stands in a file of its own, as conformance tests have them.</summary>
    public static TensorValue Tensor(string path) =>
        new OnnxReader(path).Tensor(TensorProto.Parser.ParseFrom(File.ReadAllBytes(path)));

    private Graph Read(ModelProto model)
    {
        var opsets = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (OperatorSetIdProto opset in model.OpsetImport)
        {
            // "ai.onnx" is the long name of ONNX's own domain.
            string domain = opset.Domain == "ai.onnx" ? "" : opset.Domain;
            opsets[domain] = opset.Version is > 0 and <= int.MaxValue
                ? (int)opset.Version
                : throw Bad($"opset version {InvariantText.Of(opset.Version)} is not a version");
        }

        if (opsets.Count == 0)
        {
            throw Bad("it names no opset; the file may be truncated");
        }

        if (model.Graph.Node.Count == 0 || model.Graph.Output.Count == 0)
        {
            throw Bad("its graph has no nodes or no outputs");
        }

        if (model.IrVersion is < 1 or > int.MaxValue)
        {
            throw Bad($"format version {model.IrVersion} is not a version");
        }

        var graph = new Graph(model.Graph.Name)
        {
            Source = _path,
            ExternalFiles = _external.Files,
            Opsets = opsets,
            FormatVersion = (int)model.IrVersion,
            Producer = model.ProducerName,
            ProducerVersion = model.ProducerVersion,
            Nodes = [.. model.Graph.Node.Select(Node)],
            Inputs = [.. model.Graph.Input.Select(Value)],
            Outputs = [.. model.Graph.Output.Select(Value)],
            Remainder = model,
        };
        if (model.Functions.Select(function => GraphRules.Fault(function.Node)).FirstOrDefault(fault => fault is not null) is { } wrong)
        {
            throw Bad(wrong);
        }

        foreach (TensorProto tensor in model.Graph.Initializer)
        {
            if (!graph.Initializers.TryAdd(tensor.Name, Tensor(tensor)))
            {
                throw Bad($"initializer '{tensor.Name}' appears twice");
            }
        }

        foreach (StringStringEntryProto note in model.MetadataProps)
        {
            graph.Metadata[note.Key] = note.Value;
        }

        model.OpsetImport.Clear();
        model.MetadataProps.Clear();
        model.Graph.Node.Clear();
        model.Graph.Initializer.Clear();
        model.Graph.Input.Clear();
        model.Graph.Output.Clear();
        // Types of values in the middle: engines infer them, and an edited graph would contradict them.
        model.Graph.ValueInfo.Clear();
        return graph;
    }

    private Node Node(NodeProto proto)
    {
        if (proto.Overload.Length > 0)
        {
            throw Bad($"node '{proto.Name}' calls an overloaded function, which is not supported");
        }

        // Names that are left empty at the end say the same as none, but for a LayerNormalization, on which ONNX Runtime would end the process.
        int inputs = proto.Input.Count;
        while (inputs > 0 && proto.Input[inputs - 1].Length == 0)
        {
            inputs--;
        }

        var node = new Node(proto.OpType, [.. proto.Input.Take(inputs)], [.. proto.Output])
        {
            Domain = proto.Domain == "ai.onnx" ? "" : proto.Domain,
            Name = proto.Name,
        };
        foreach (AttributeProto attribute in proto.Attribute)
        {
            if (!node.Attributes.TryAdd(attribute.Name, Attribute(attribute)))
            {
                throw Bad($"attribute '{attribute.Name}' of {node} appears twice");
            }
        }

        return (GraphRules.Fault(node) ?? proto.Attribute.Select(GraphRules.Fault).FirstOrDefault(fault => fault is not null)) is { } wrong
            ? throw Bad(wrong) : node;
    }

    private AttributeValue Attribute(AttributeProto proto) => proto.Type switch
    {
        AttributeProto.Types.AttributeType.Int => proto.I,
        AttributeProto.Types.AttributeType.Float => proto.F,
        AttributeProto.Types.AttributeType.String => proto.S.ToStringUtf8(),
        AttributeProto.Types.AttributeType.Ints => proto.Ints.ToArray(),
        AttributeProto.Types.AttributeType.Floats => proto.Floats.ToArray(),
        AttributeProto.Types.AttributeType.Strings => proto.Strings.Select(text => text.ToStringUtf8()).ToArray(),
        AttributeProto.Types.AttributeType.Tensor when proto.T is not null => Tensor(proto.T),
        AttributeProto.Types.AttributeType.Undefined or AttributeProto.Types.AttributeType.Tensor =>
            throw Bad($"attribute '{proto.Name}' has no value"),
        _ => AttributeValue.Opaque(proto),
    };

    private static GraphValue Value(ValueInfoProto proto) => proto.Type?.TensorType is { } tensor
        ? new GraphValue(
            proto.Name,
            (ElementType)tensor.ElemType,
            tensor.Shape?.Dim.Select(dimension => new Dimension(
                dimension.HasDimValue ? dimension.DimValue : null,
                dimension.HasDimParam ? dimension.DimParam : null)).ToArray())
        : new GraphValue(proto.Name);

    private TensorValue Tensor(TensorProto proto)
    {
        try
        {
            var type = (ElementType)proto.DataType;
            long[] dimensions = [.. proto.Dims];
            if (type == ElementType.String)
            {
                return new TensorValue(dimensions, [.. proto.StringData.Select(text => text.ToStringUtf8())]);
            }

            return new TensorValue(type, dimensions, Data(type, proto));
        }
        catch (ArgumentException e)
        {
            throw Bad($"tensor '{proto.Name}' is damaged: {e.Message}");
        }
    }

    private ReadOnlyMemory<byte> Data(ElementType type, TensorProto proto) => type switch
    {
        _ when proto.DataLocation == TensorProto.Types.DataLocation.External => _external.Read(proto),
        _ when proto.HasRawData => proto.RawData.Memory,
        ElementType.Float or ElementType.Complex64 => Bytes(proto.FloatData),
        ElementType.Int32 => Bytes(proto.Int32Data),
        ElementType.Int64 => Bytes(proto.Int64Data),
        ElementType.Double or ElementType.Complex128 => Bytes(proto.DoubleData),
        ElementType.UInt64 => Bytes(proto.Uint64Data),
        ElementType.UInt32 => Bytes(proto.Uint64Data.Select(value => (uint)value)),
        ElementType.Int8 or ElementType.UInt8 or ElementType.Bool => Bytes(proto.Int32Data.Select(value => (byte)value)),
        _ => Bytes(proto.Int32Data.Select(value => (ushort)value)),
    };

    private static ReadOnlyMemory<byte> Bytes<T>(IEnumerable<T> values)
        where T : unmanaged =>
        MemoryMarshal.AsBytes<T>(values.ToArray()).ToArray();

    private AuditException Bad(string what) =>
        new($"{_path}: this ONNX model cannot be used: {what}. Export it again.");
}
