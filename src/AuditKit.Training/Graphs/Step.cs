using System.Runtime.InteropServices;
using AuditKit.Models.Onnx;
using AuditKit.Training.Libtorch;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Graphs;

/// <summary>A node made ready to run: its operator, and where its values lie in the table of all values.</summary>
/// <param name="Graph">The graph, for messages.</param>
/// <param name="Node">The node.</param>
/// <param name="Operator">How it is run.</param>
/// <param name="Inputs">Places of its inputs; −1 for one left out.</param>
/// <param name="Outputs">Places of its outputs; −1 for one not wanted.</param>
internal sealed record Step(Graph Graph, Node Node, Operator Operator, int[] Inputs, int[] Outputs)
{
    /// <summary>Whether it runs as in evaluation while the others train.</summary>
    public bool IsFrozen { get; init; }

    /// <summary>Whether any output's place fulfils a condition.</summary>
    public bool GivesAny(Predicate<int> condition) => Array.Exists(Outputs, place => place >= 0 && condition(place));

    /// <summary>Runs the node. Its outputs belong to the current dispose scope; what else it made is freed.</summary>
    /// <param name="values">The table of values: inputs are read from it, outputs written to it.</param>
    /// <param name="training">Whether batch norm uses the batch's statistics and dropout drops.</param>
    /// <param name="hook">What may run the node instead.</param>
    /// <param name="precision">What matrices are multiplied in.</param>
    /// <exception cref="AuditException">The node cannot be run on these inputs.</exception>
    public void Run(Tensor?[] values, bool training, NodeHook? hook = null, ScalarType precision = ScalarType.Float32)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        bool casts = Operator.Multiplies && precision != ScalarType.Float32;
        Tensor?[] inputs = Array.ConvertAll(Inputs, place => place < 0 ? null
            : casts && values[place] is { dtype: ScalarType.Float32 } value ? value.to(precision)
            : values[place]);
        Tensor[] outputs;
        try
        {
            outputs = hook?.Invoke(Node, inputs, others => Compute([.. others])[0]) is { } replaced ? [replaced] : Compute(inputs);
        }
        catch (Exception e) when (e is ExternalException or ArgumentException or ArithmeticException
            or IndexOutOfRangeException or InvalidOperationException)
        {
            // libtorch's own message, or an index, size or division that the node's inputs do not allow.
            string shapes = string.Join(", ", inputs.Select(input => input is null ? "-" : string.Join("×", input.shape)));
            throw new AuditException(
                $"{Graph.Source}: the node {Node} (opset {Graph.Opset}) cannot be run on inputs of shape {shapes}: {e.Text()}",
                inner: e);
        }

        Tensor[] Compute(Tensor?[] taken) => Operator.Run(new NodeContext(Graph.Source, Node, Graph.Opset, taken, training));

        for (int i = 0; i < Outputs.Length; i++)
        {
            if (Outputs[i] >= 0)
            {
                if (i >= outputs.Length)
                {
                    throw new AuditException(
                        $"{Graph.Source}: the node {Node} (opset {Graph.Opset}) cannot be trained: its output {i} is not supported.");
                }

                // Values are freed one by one, so an output must be another object than any input. (Equals would
                // compare their elements.)
                Tensor output = outputs[i];
                bool isInput = Array.Exists(inputs, input => ReferenceEquals(input, output));
                values[Outputs[i]] = (isInput ? output.alias() : output).MoveToOuterDisposeScope();
            }
        }
    }
}
