using AuditKit.Models.Onnx.Wire;
using Google.Protobuf;

namespace AuditKit.Models.Onnx;

/// <summary>From the graph in memory to protobuf messages.</summary>
internal static class OnnxWriter
{
    /// <summary>The most bytes of tensors that a file can hold: protobuf's 2 GB, names and attributes being small beside 16 MB.</summary>
    public const long MostBytes = int.MaxValue - (16 << 20);

    /// <summary>The message that describes a graph. Its tensors share the graph's memory.</summary>
    /// <exception cref="AuditException">The model is larger than a protobuf message can be.</exception>
    public static ModelProto Model(Graph graph)
    {
        if (graph.Initializers.Values.Sum(tensor => (long)tensor.Data.Length) > MostBytes)
        {
            throw new AuditException($"{graph.Source}: the model is larger than the 2 GB that an ONNX file can hold.");
        }

        ModelProto model = graph.Remainder?.Clone() ?? new ModelProto { Graph = new GraphProto() };
        model.IrVersion = graph.FormatVersion;
        model.ProducerName = graph.Producer;
        model.ProducerVersion = graph.ProducerVersion;
        model.OpsetImport.AddRange(graph.Opsets.Select(
            opset => new OperatorSetIdProto { Domain = opset.Key, Version = opset.Value }));
        model.MetadataProps.AddRange(graph.Metadata.Select(
            note => new StringStringEntryProto { Key = note.Key, Value = note.Value }));
        model.Graph.Name = graph.Name;
        model.Graph.Node.AddRange(graph.Nodes.Select(Node));
        model.Graph.Initializer.AddRange(graph.Initializers.Select(entry => Tensor(entry.Value, entry.Key)));
        model.Graph.Input.AddRange(graph.Inputs.Select(Value));
        model.Graph.Output.AddRange(graph.Outputs.Select(Value));
        return model;
    }

    private static NodeProto Node(Node node)
    {
        var proto = new NodeProto { OpType = node.Type, Name = node.Name, Domain = node.Domain };
        proto.Input.AddRange(node.Inputs);
        proto.Output.AddRange(node.Outputs);
        proto.Attribute.AddRange(node.Attributes.Select(attribute => Attribute(attribute.Key, attribute.Value)));
        return proto;
    }

    private static AttributeProto Attribute(string name, AttributeValue attribute)
    {
        if (attribute.Value is AttributeProto opaque)
        {
            return opaque;
        }

        var proto = new AttributeProto { Name = name };
        switch (attribute.Value)
        {
            case long value:
                (proto.Type, proto.I) = (AttributeProto.Types.AttributeType.Int, value);
                break;
            case float value:
                (proto.Type, proto.F) = (AttributeProto.Types.AttributeType.Float, value);
                break;
            case string value:
                (proto.Type, proto.S) = (AttributeProto.Types.AttributeType.String, ByteString.CopyFromUtf8(value));
                break;
            case long[] values:
                proto.Type = AttributeProto.Types.AttributeType.Ints;
                proto.Ints.AddRange(values);
                break;
            case float[] values:
                proto.Type = AttributeProto.Types.AttributeType.Floats;
                proto.Floats.AddRange(values);
                break;
            case string[] values:
                proto.Type = AttributeProto.Types.AttributeType.Strings;
                proto.Strings.AddRange(values.Select(ByteString.CopyFromUtf8));
                break;
            case TensorValue value:
                (proto.Type, proto.T) = (AttributeProto.Types.AttributeType.Tensor, Tensor(value, ""));
                break;
        }

        return proto;
    }

    private static TensorProto Tensor(TensorValue tensor, string name)
    {
        var proto = new TensorProto { Name = name, DataType = (int)tensor.Type };
        proto.Dims.AddRange(tensor.Dimensions.ToArray());
        if (tensor.Type == ElementType.String)
        {
            proto.StringData.AddRange(tensor.Strings.Select(ByteString.CopyFromUtf8));
        }
        else
        {
            proto.RawData = UnsafeByteOperations.UnsafeWrap(tensor.Data);
        }

        return proto;
    }

    private static ValueInfoProto Value(GraphValue value)
    {
        var proto = new ValueInfoProto { Name = value.Name };
        if (value.Type != ElementType.Undefined)
        {
            proto.Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)value.Type } };
            if (value.Shape is not null)
            {
                proto.Type.TensorType.Shape = new TensorShapeProto();
                proto.Type.TensorType.Shape.Dim.AddRange(value.Shape.Select(Dimension));
            }
        }

        return proto;
    }

    private static TensorShapeProto.Types.Dimension Dimension(Dimension dimension) => dimension switch
    {
        { Size: { } size } => new() { DimValue = size },
        { Name: { } name } => new() { DimParam = name },
        _ => new(),
    };
}
