using AuditKit.Models.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace AuditKit.Tests;

/// <summary>What a quantised export looks like.</summary>
public enum QuantisedForm
{
    /// <summary>Float operators between QuantizeLinear and DequantizeLinear, weights behind DequantizeLinear.</summary>
    QuantizeDequantize,

    /// <summary>QLinearConv and QGemm.</summary>
    IntegerOperators,

    /// <summary>ConvInteger and MatMulInteger, the ranges of their inputs found at each run.</summary>
    Dynamic,
}

/// <summary>
/// Makes an int8 model of a float one, as ONNX Runtime's quantiser does after training: weights of Conv and Gemm symmetric and a scale a
/// filter, what they take and give in bytes whose range is that of a few images.
/// </summary>
internal sealed class Quantiser
{
    private const string Contributed = "com.microsoft";

    private readonly Graph _source;
    private readonly Graph _result;
    private readonly IReadOnlyDictionary<string, (float Least, float Largest)> _ranges;

    private Quantiser(Graph source, IReadOnlyDictionary<string, (float, float)> ranges)
    {
        (_source, _ranges) = (source, ranges);
        // The first opset with a scale for each index of an axis is 13.
        _result = new Graph($"{source.Name}, int8", Math.Max(source.Opset, 13));
        _result.Opsets[Contributed] = 1;
        _result.Inputs.AddRange(source.RequiredInputs);
        _result.Outputs.AddRange(source.Outputs);
    }

    /// <summary>Quantises a graph of ONNX's own operators whose last Gemm has transposed weights.</summary>
    /// <param name="source">The float model.</param>
    /// <param name="form">What it becomes.</param>
    /// <param name="images">n×C×H×W numbers as the model takes them, by which ranges are found.</param>
    /// <param name="count">Images n.</param>
    public static Graph Quantise(Graph source, QuantisedForm form, float[] images, int count)
    {
        var quantiser = new Quantiser(source, form == QuantisedForm.Dynamic ? new Dictionary<string, (float, float)>() : Ranges(source, images, count));
        foreach (Node node in source.Nodes)
        {
            bool isLayer = node.Type is "Conv" or "Gemm" && source.Initializers.ContainsKey(node.Inputs[1]);
            switch (form)
            {
                case QuantisedForm.QuantizeDequantize when isLayer:
                    quantiser.BetweenRounding(node);
                    break;
                case QuantisedForm.IntegerOperators when isLayer:
                    quantiser.AsIntegers(node);
                    break;
                case QuantisedForm.Dynamic when isLayer:
                    quantiser.Dynamically(node);
                    break;
                default:
                    quantiser._result.Nodes.Add(node);
                    break;
            }
        }

        foreach (string name in quantiser._result.Nodes.SelectMany(node => node.Inputs).Where(source.Initializers.ContainsKey).Distinct())
        {
            quantiser._result.Initializer(name, source.Initializers[name]);
        }

        return quantiser._result;
    }

    // x → QuantizeLinear → DequantizeLinear → layer, its weights behind DequantizeLinear → QuantizeLinear → DequantizeLinear.
    private void BetweenRounding(Node node)
    {
        string output = node.Outputs[0];
        string weights = _result.Add("DequantizeLinear", [.. Weights(node)], $"{node.Inputs[1]} of integers", ("axis", 0L));
        var layer = new Node(node.Type, [Rounded(node.Inputs[0], $"{output} in"), weights, .. node.Inputs.Skip(2)],
            [$"{output} unrounded"])
        { Name = $"{output} layer" };
        _result.Nodes.Add(With(node, layer));
        string bytes = _result.Add("QuantizeLinear", [$"{output} unrounded", .. Range(output, $"{output} out")], $"{output} bytes");
        _result.Add("DequantizeLinear", [bytes, $"{output} out scale", $"{output} out zero"], output);
    }

    private string Rounded(string value, string prefix)
    {
        string bytes = _result.Add("QuantizeLinear", [value, .. Range(value, prefix)], $"{prefix} bytes");
        return _result.Add("DequantizeLinear", [bytes, $"{prefix} scale", $"{prefix} zero"], $"{prefix} rounded");
    }

    // x → QuantizeLinear → QLinearConv or QGemm → DequantizeLinear.
    private void AsIntegers(Node node)
    {
        string output = node.Outputs[0];
        string[] input = Range(node.Inputs[0], $"{output} in"), range = Range(output, $"{output} out"), weights = Weights(node);
        string bytes = _result.Add("QuantizeLinear", [node.Inputs[0], .. input], $"{output} in bytes");
        string? bias = node.Inputs.Count > 2 ? IntegerBias(node, weights[1], input[0]) : null;
        string[] operands = [bytes, .. input, .. weights];
        bool isConvolution = node.Type == "Conv";
        string[] inputs = isConvolution ? [.. operands, .. range, .. bias is null ? Array.Empty<string>() : [bias]] : [.. operands, bias ?? "", .. range];
        var layer = new Node(isConvolution ? "QLinearConv" : "QGemm", inputs, [$"{output} bytes"])
        {
            Name = $"{output} layer",
            Domain = isConvolution
            ? "" : Contributed
        };
        _result.Nodes.Add(With(node, layer));
        layer.Attributes.Remove("beta");
        _result.Add("DequantizeLinear", [$"{output} bytes", .. range], output);
    }

    // x → DynamicQuantizeLinear → ConvInteger or MatMulInteger → Cast → Mul by both scales → Add of the bias.
    private void Dynamically(Node node)
    {
        string output = node.Outputs[0];
        bool isConvolution = node.Type == "Conv";
        string[] names = [$"{output} in bytes", $"{output} in scale", $"{output} in zero"],
            weights = Weights(node, isTransposed: !isConvolution, perFilter: false);
        _result.Nodes.Add(new Node("DynamicQuantizeLinear", [node.Inputs[0]], names) { Name = names[0] });
        var layer = new Node(isConvolution ? "ConvInteger"
            : "MatMulInteger", [names[0], weights[0], names[2], weights[2]], [$"{output} product"])
        { Name = $"{output} layer" };
        _result.Nodes.Add(isConvolution ? With(node, layer) : layer);
        _result.Add("Cast", [$"{output} product"], $"{output} float", ("to", (long)ElementType.Float));
        _result.Add("Mul", [names[1], weights[1]], $"{output} scale");
        bool hasBias = node.Inputs.Count > 2;
        _result.Add("Mul", [$"{output} float", $"{output} scale"], hasBias ? $"{output} unbiased" : output);
        if (hasBias)
        {
            TensorValue bias = _source.Initializers[node.Inputs[2]];
            string shaped = _result.Initializer($"{output} bias", TensorValue.Of(bias.As<float>(), isConvolution ? [1, bias.Count, 1, 1] : [bias.Count]));
            _result.Add("Add", [$"{output} unbiased", shaped], output);
        }
    }

    private static Node With(Node from, Node to)
    {
        foreach ((string name, AttributeValue value) in from.Attributes)
        {
            to.Attributes[name] = value;
        }

        return to;
    }

    // Integers, scales and zero points of a layer's weights; an index of the first dimension is a filter.
    private string[] Weights(Node node, bool isTransposed = false, bool perFilter = true)
    {
        TensorValue weights = _source.Initializers[node.Inputs[1]];
        float[] values = weights.As<float>().ToArray();
        int filters = (int)weights.Dimensions[0], length = values.Length / filters;
        float[] scales = perFilter ? [.. values.Chunk(length).Select(filter => Math.Max(filter.Max(Math.Abs), 1e-6f) / 127)] : [values.Max(Math.Abs) / 127];
        sbyte[] integers = [.. values.Select((value, i) => (sbyte)MathF.Round(value / scales[perFilter ? i / length : 0]))];
        long[] dimensions = weights.Dimensions.ToArray();
        if (isTransposed)
        {
            integers = [.. Enumerable.Range(0, integers.Length).Select(i => integers[(i % filters * length) + (i / filters)])];
            dimensions = [length, filters];
        }

        string name = node.Inputs[1];
        return
        [
            _result.Initializer($"{name} integers", new TensorValue(ElementType.Int8, dimensions, (byte[])(Array)integers)),
            _result.Initializer($"{name} scale", TensorValue.Of(scales, perFilter ? [filters] : [])),
            _result.Initializer($"{name} zero", new TensorValue(ElementType.Int8, perFilter ? [filters] : [], new byte[scales.Length])),
        ];
    }

    private string IntegerBias(Node node, string weightScale, string inputScale)
    {
        float[] bias = _source.Initializers[node.Inputs[2]].As<float>().ToArray(), scales = _result.Initializers[weightScale].As<float>().ToArray();
        float input = _result.Initializers[inputScale].As<float>()[0];
        int[] integers = [.. bias.Select((value, i) => (int)Math.Round(value / (input * scales[i])))];
        return _result.Initializer($"{node.Inputs[2]} integers",
            new TensorValue(ElementType.Int32, [bias.Length], System.Runtime.InteropServices.MemoryMarshal.AsBytes<int>(integers).ToArray()));
    }

    // Scale and zero point of bytes from the least to the largest number, 0 being one of them.
    private string[] Range(string value, string prefix)
    {
        (float least, float largest) = (Math.Min(_ranges[value].Least, 0), Math.Max(_ranges[value].Largest, 0));
        float scale = (largest - least) / 255;
        return
        [
            _result.Initializer($"{prefix} scale", TensorValue.Of([scale])),
            _result.Initializer($"{prefix} zero", new TensorValue(ElementType.UInt8, [], new[] { (byte)Math.Clamp(Math.Round(-least / scale), 0, 255) })),
        ];
    }

    private static Dictionary<string, (float, float)> Ranges(Graph source, float[] images, int count)
    {
        Node[] layers = [.. source.Nodes.Where(node => node.Type is "Conv" or "Gemm")];
        GraphValue input = source.RequiredInputs.Single();
        string[] taps = [.. layers.SelectMany(node => new[] { node.Inputs[0], node.Outputs[0] }).Distinct().Where(name => name != input.Name)];
        using var session = new InferenceSession(OnnxFile.ToBytes(source.WithOutputs(taps)));
        using var run = new RunOptions();
        long[] shape = [count, .. input.Shape!.Skip(1).Select(dimension => dimension.Size!.Value)];
        using OrtValue batch = OrtValue.CreateTensorValueFromMemory(images, shape);
        using IDisposableReadOnlyCollection<OrtValue> values = session.Run(run, [input.Name], [batch], taps);
        var ranges = taps.Zip(values).ToDictionary(pair => pair.First, pair => Extremes(pair.Second.GetTensorDataAsSpan<float>().ToArray()));
        ranges[input.Name] = Extremes(images);
        return ranges;

        static (float, float) Extremes(float[] numbers) => (numbers.Min(), numbers.Max());
    }
}
