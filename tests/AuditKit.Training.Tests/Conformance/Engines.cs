using AuditKit.Models.Onnx;
using AuditKit.Training.Graphs;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using TorchSharp;

namespace AuditKit.Training.Tests.Conformance;

/// <summary>A graph run by each of the two engines, from tensors of any type to tensors of any type.</summary>
internal static class Engines
{
    public static TensorValue[] RunOnnxRuntime(Graph graph, params TensorValue[] inputs)
    {
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        using var session = new InferenceSession(OnnxFile.ToBytes(graph), options);
        using var run = new RunOptions();
        string[] names = [.. graph.RequiredInputs.Select(input => input.Name).Take(inputs.Length)];
        OrtValue[] values = [.. inputs.Select(ToOrt)];
        using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(run, names, values, session.OutputNames);
        TensorValue[] results = [.. outputs.Select(FromOrt)];
        Array.ForEach(values, value => value.Dispose());
        return results;
    }

    public static TensorValue[] RunLibtorch(Graph graph, params TensorValue[] inputs)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var module = new GraphModule(graph);
        Dictionary<string, torch.Tensor> values = graph.RequiredInputs.Zip(inputs)
            .ToDictionary(pair => pair.First.Name, pair => pair.Second.ToTensor());
        return [.. module.Run(values, [.. graph.Outputs.Select(output => output.Name)]).Select(tensor => tensor.ToValue())];
    }

    public static double[] ToDoubles(TensorValue value) => value.Type switch
    {
        ElementType.Float => Convert(value.As<float>(), x => x),
        ElementType.Double => Convert(value.As<double>(), x => x),
        ElementType.Float16 => Convert(value.As<Half>(), x => (double)x),
        ElementType.BFloat16 => Convert(value.As<ushort>(), x => BitConverter.Int32BitsToSingle(x << 16)),
        ElementType.Int64 => Convert(value.As<long>(), x => x),
        ElementType.Int32 => Convert(value.As<int>(), x => x),
        ElementType.Int16 => Convert(value.As<short>(), x => x),
        ElementType.Int8 => Convert(value.As<sbyte>(), x => x),
        ElementType.UInt64 => Convert(value.As<ulong>(), x => x),
        ElementType.UInt32 => Convert(value.As<uint>(), x => x),
        ElementType.UInt16 => Convert(value.As<ushort>(), x => x),
        ElementType.UInt8 or ElementType.Bool => Convert(value.As<byte>(), x => x),
        _ => throw new NotSupportedException($"tensors of {value.Type} are not compared"),
    };

    public static double LargestDifference(TensorValue left, TensorValue right) =>
        ToDoubles(left).Zip(ToDoubles(right), (a, b) => Math.Abs(a - b)).Max();

    private static double[] Convert<T>(ReadOnlySpan<T> values, Func<T, double> convert)
    {
        var doubles = new double[values.Length];
        for (int i = 0; i < doubles.Length; i++)
        {
            doubles[i] = convert(values[i]);
        }

        return doubles;
    }

    private static OrtValue ToOrt(TensorValue tensor)
    {
        var value = OrtValue.CreateAllocatedTensorValue(
            OrtAllocator.DefaultInstance, (TensorElementType)tensor.Type, tensor.Dimensions.ToArray());
        if (tensor.Count > 0)
        {
            tensor.Data.Span.CopyTo(value.GetTensorMutableRawData());
        }

        return value;
    }

    private static TensorValue FromOrt(OrtValue value)
    {
        OrtTensorTypeAndShapeInfo info = value.GetTensorTypeAndShape();
        byte[] data = info.ElementCount == 0 ? [] : value.GetTensorMutableRawData().ToArray();
        return new TensorValue((ElementType)info.ElementDataType, info.Shape, data);
    }
}
