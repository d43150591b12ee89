using AuditKit.Models.Onnx;

namespace AuditKit.Checks.Weights;

/// <summary>The constant matrices and kernels of a graph: initialisers, Constant nodes, and what only transposes or renames one.</summary>
/// <param name="graph">The model.</param>
internal sealed class GraphConstants(Graph graph)
{
    private readonly Dictionary<string, Node> _givers = graph.Nodes
        .Where(node => node.Type is "Constant" or "Identity" or "Transpose" && node.Outputs.Count > 0)
        .DistinctBy(node => node.Outputs[0]).ToDictionary(node => node.Outputs[0], StringComparer.Ordinal);

    /// <summary>A constant of floating point numbers, by the name of its value; null where it is none.</summary>
    public ConstantTensor? Find(string name) => Find(name, _givers.Count);

    // A damaged file may lead in circles; no chain is longer than there are nodes in it.
    private ConstantTensor? Find(string name, int depth)
    {
        if (graph.Initializers.TryGetValue(name, out TensorValue? initializer))
        {
            return ConstantTensor.Of(initializer);
        }

        return depth < 0 || !_givers.TryGetValue(name, out Node? node) ? null : node switch
        {
            { Type: "Constant" } => node.Attributes.TryGetValue("value", out AttributeValue? value) && value.Value is TensorValue tensor
                ? ConstantTensor.Of(tensor) : null,
            { Type: "Identity" } => Find(node.Inputs[0], depth - 1),
            _ => Find(node.Inputs[0], depth - 1) is { Dimensions.Length: 2 } matrix ? matrix.Transposed() : null,
        };
    }
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
