using AuditKit.Models.Onnx;

namespace AuditKit.Checks.Weights;

/// <summary>
/// The constant matrices and kernels of a graph: initialisers, Constant nodes, and what only transposes or renames one, or rounds it to
/// integers and back.
/// </summary>
/// <param name="graph">The model.</param>
internal sealed class GraphConstants(Graph graph)
{
    private readonly Dictionary<string, Node> _givers = graph.Nodes
        .Where(node => node.Type is "Constant" or "Identity" or "Transpose" or "QuantizeLinear" or "DequantizeLinear" && node.Outputs.Count > 0)
        .DistinctBy(node => node.Outputs[0]).ToDictionary(node => node.Outputs[0], StringComparer.Ordinal);

    /// <summary>A constant of floating point numbers, by the name of its value; null where it is none.</summary>
    public ConstantTensor? Find(string? name) => name is null ? null : Find(name, integers: false, _givers.Count);

    /// <summary>A constant of integers, by the name of its value; null where it is none.</summary>
    public ConstantTensor? FindIntegers(string? name) => name is null ? null : Find(name, integers: true, _givers.Count);

    /// <summary>The real numbers that a node's integer weights stand for; null where they, their scale or zero point are no constants.</summary>
    /// <param name="node">An operator with integer weights.</param>
    /// <param name="axis">The axis of the weights that has a scale for each index, where there are several.</param>
    /// <param name="scale">Their scale.</param>
    public ConstantTensor? FindReal(Node node, long axis, ConstantTensor? scale)
        => QuantisedOperators.Weights(node) is { } weights && scale is not null && FindIntegers(node.Inputs[weights.Value]) is { } integers
            && (QuantisedOperators.Input(node, weights.ZeroPoint) is not { } zero || FindIntegers(zero) is not null)
            ? Dequantised(integers, scale, FindIntegers(QuantisedOperators.Input(node, weights.ZeroPoint)), axis, block: 0) : null;

    // A damaged file may lead in circles; no chain is longer than there are nodes in it.
    private ConstantTensor? Find(string name, bool integers, int depth)
    {
        if (graph.Initializers.TryGetValue(name, out TensorValue? initializer))
        {
            return Read(initializer, integers);
        }

        return depth < 0 || !_givers.TryGetValue(name, out Node? node) ? null : node switch
        {
            { Type: "Constant" } => node.Attributes.TryGetValue("value", out AttributeValue? value) && value.Value is TensorValue tensor
                ? Read(tensor, integers) : null,
            { Type: "Identity" } => Find(node.Inputs[0], integers, depth - 1),
            { Type: "DequantizeLinear" } => integers ? null : Rounding(node, depth, (real, scale, zero, _) => (real - zero) * scale),
            { Type: "QuantizeLinear" } => !integers ? null : Rounding(node, depth, (real, scale, zero, range) =>
                Math.Clamp(Math.Round(real / scale, MidpointRounding.ToEven) + zero, range.Least, range.Largest)),
            _ => Find(node.Inputs[0], integers, depth - 1) is { Dimensions.Length: 2 } matrix ? matrix.Transposed() : null,
        };
    }

    // Weights of training with rounding are exported as floats, which nodes round and make floats again.
    private ConstantTensor? Rounding(Node node, int depth, Func<double, double, double, (double Least, double Largest), double> map)
    {
        string? zero = QuantisedOperators.Input(node, 2);
        ConstantTensor? values = Find(node.Inputs[0], integers: node.Type == "DequantizeLinear", depth - 1);
        ConstantTensor? scale = Find(node.Inputs[1], integers: false, depth - 1), zeroPoint = zero is null ? null : Find(zero, integers: true, depth - 1);
        return values is null || scale is null || (zero is not null && zeroPoint is null) || Range(node, zero) is not { } range ? null
            : QuantisedTensor.Map(values, scale, zeroPoint, Number(node, "axis", 1), Number(node, "block_size", 0), (value, s, z) => map(value, s, z, range));
    }

    // Without a zero point QuantizeLinear gives bytes, unless it says otherwise.
    private (double Least, double Largest)? Range(Node node, string? zero)
        => node.Type == "DequantizeLinear" ? (0, 0)
            : zero is null ? QuantisedTensor.Range((ElementType)Number(node, "output_dtype", (long)ElementType.UInt8))
            : Giving(zero) is { } tensor ? QuantisedTensor.Range(tensor.Type) : null;

    private TensorValue? Giving(string name) => graph.Initializers.TryGetValue(name, out TensorValue? initializer) ? initializer
        : _givers.TryGetValue(name, out Node? node) && node.Attributes.TryGetValue("value", out AttributeValue? value) ? value.Value as TensorValue : null;

    private static ConstantTensor? Read(TensorValue tensor, bool integers) => integers ? QuantisedTensor.Integers(tensor) : ConstantTensor.Of(tensor);

    private static ConstantTensor? Dequantised(ConstantTensor integers, ConstantTensor scale, ConstantTensor? zeroPoint, long axis, long block)
        => QuantisedTensor.Map(integers, scale, zeroPoint, axis, block, (value, s, z) => (value - z) * s);

    private static long Number(Node node, string name, long otherwise)
        => node.Attributes.TryGetValue(name, out AttributeValue? value) && value.Value is long number ? number : otherwise;
}

/// <summary>A constant tensor in double precision.</summary>
/// <param name="Dimensions">Its dimensions.</param>
/// <param name="Values">Its elements, row by row.</param>
internal sealed record ConstantTensor(long[] Dimensions, double[] Values)
{
    /// <summary>The tensor; null where its elements are no floating point numbers, or it has none.</summary>
    public static ConstantTensor? Of(TensorValue tensor) => tensor.Count == 0 ? null : tensor.Type switch
    {
        ElementType.Float => new(tensor.Dimensions.ToArray(), [.. tensor.As<float>().ToArray().Select(value => (double)value)]),
        ElementType.Double => new(tensor.Dimensions.ToArray(), tensor.As<double>().ToArray()),
        ElementType.Float16 => new(tensor.Dimensions.ToArray(), [.. tensor.As<Half>().ToArray().Select(value => (double)value)]),
        _ => null,
    };

    /// <summary>One row for each index of the first dimension.</summary>
    public double[][] Rows() => [.. Values.Chunk(Values.Length / (int)Dimensions[0])];

    /// <summary>One row for each column of a matrix.</summary>
    public double[][] Columns() => Transposed().Rows();

    /// <summary>A matrix with rows and columns exchanged.</summary>
    public ConstantTensor Transposed()
    {
        (int rows, int columns) = ((int)Dimensions[0], (int)Dimensions[1]);
        double[] values = new double[Values.Length];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                values[(j * rows) + i] = Values[(i * columns) + j];
            }
        }

        return new ConstantTensor([columns, rows], values);
    }
}
