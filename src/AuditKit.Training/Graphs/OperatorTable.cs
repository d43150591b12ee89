using AuditKit.Models.Onnx;
using AuditKit.Training.Graphs.Operators;
using static TorchSharp.torch;

namespace AuditKit.Training.Graphs;

/// <summary>Every ONNX operator that libtorch can run here. A family of operators is a file in Operators.</summary>
internal sealed class OperatorTable
{
    private static readonly OperatorTable s_all = new();
    private readonly Dictionary<string, Operator> _operators = new(StringComparer.Ordinal);

    private OperatorTable()
    {
        Activations.Register(this);
        Arithmetic.Register(this);
        Comparison.Register(this);
        Constants.Register(this);
        Convolution.Register(this);
        Indexing.Register(this);
        LinearAlgebra.Register(this);
        Normalisation.Register(this);
        Padding.Register(this);
        Pooling.Register(this);
        Reduction.Register(this);
        Resizing.Register(this);
        Shaping.Register(this);
    }

    /// <summary>The operators' names.</summary>
    public static IReadOnlyCollection<string> Names => s_all._operators.Keys;

    /// <summary>The operator of a node.</summary>
    /// <param name="graph">The node's graph.</param>
    /// <param name="node">The node.</param>
    /// <exception cref="AuditException">There is no such operator here.</exception>
    public static Operator Find(Graph graph, Node node)
    {
        if (node.Domain.Length == 0 && s_all._operators.TryGetValue(node.Type, out Operator? found))
        {
            return found;
        }

        string domain = node.Domain.Length == 0 ? "" : $"{node.Domain}.";
        throw new AuditException(
            $"{graph.Source}: the operator {domain}{node.Type} (node {node}, opset "
            + $"{graph.Opsets.GetValueOrDefault(node.Domain)}) cannot be trained. Export the model without it.");
    }

    /// <summary>Adds an operator with one output.</summary>
    /// <param name="name">The operator's ONNX name.</param>
    /// <param name="run">Computes the output.</param>
    /// <param name="settings">Inputs that say how to compute.</param>
    public void Add(string name, Func<NodeContext, Tensor> run, params int[] settings) =>
        Add(name, new Operator(context => [run(context)]) { Settings = settings });

    /// <summary>Adds an operator.</summary>
    public void Add(string name, Operator entry) => _operators.Add(name, entry);
}
