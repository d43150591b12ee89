using AuditKit.Models.Onnx;

namespace AuditKit.Training.Graphs;

/// <summary>The part of a graph that computes with shapes instead of images.</summary>
internal static class ShapeComputation
{
    /// <summary>
    /// Operators that hand shapes on. Their outputs are sums of products of dimensions, so that one that is equal for
    /// two batch sizes is equal for all; a quotient or a comparison would not be.
    /// </summary>
    private static readonly HashSet<string> s_handsOn = new(StringComparer.Ordinal)
    {
        "Add", "Cast", "Concat", "Gather", "Identity", "Mul", "Reshape", "Slice", "Split", "Squeeze", "Transpose", "Unsqueeze",
    };

    /// <summary>Names of the values that depend on shapes alone.</summary>
    /// <param name="steps">The nodes, in order.</param>
    /// <param name="isKnown">Whether the value at a place is known before a run.</param>
    public static List<string> Find(IReadOnlyList<Step> steps, Predicate<int> isKnown)
    {
        List<string> names = [];
        HashSet<int> places = [];
        foreach (Step step in steps)
        {
            if (step.Node.Type is "Shape" or "Size"
                || (s_handsOn.Contains(step.Node.Type)
                    && step.Inputs.Any(places.Contains)
                    && step.Inputs.All(place => places.Contains(place) || place < 0 || isKnown(place))))
            {
                places.UnionWith(step.Outputs);
                names.AddRange(step.Node.Outputs.Where(name => name.Length > 0));
            }
        }

        return names;
    }

    /// <summary>Two shapes of the model's input that differ in the batch size only, if that is all that may vary.</summary>
    public static long[][] ProbeShapes(Graph graph)
    {
        if (graph.RequiredInputs.ToArray() is not [{ Type: ElementType.Float, Shape: { Count: > 0 } shape }]
            || !shape.Skip(1).All(dimension => dimension.Size is > 0))
        {
            return [];
        }

        Dimension batch = shape[0];
        long[] image = [.. shape.Skip(1).Select(dimension => dimension.Size!.Value)];
        return [[batch.Size ?? 2, .. image], [batch.Size ?? 3, .. image]];
    }
}
