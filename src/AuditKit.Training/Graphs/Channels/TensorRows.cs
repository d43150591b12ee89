using AuditKit.Checks.Weights;
using AuditKit.Models.Onnx;

namespace AuditKit.Training.Graphs.Channels;

/// <summary>Parts of constant tensors.</summary>
internal static class TensorRows
{
    /// <summary>The elements at some indices of a dimension.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="dimension">The dimension.</param>
    /// <param name="indices">The indices, in order.</param>
    public static TensorValue Take(this TensorValue tensor, int dimension, IReadOnlyList<int> indices)
    {
        long[] dimensions = tensor.Dimensions.ToArray();
        int outer = (int)Product(dimensions.AsSpan(0, dimension)), length = (int)dimensions[dimension];
        int bytes = tensor.Count == 0 ? 0 : (int)Product(dimensions.AsSpan(dimension + 1)) * (tensor.Data.Length / tensor.Count);
        byte[] taken = new byte[outer * indices.Count * bytes];
        for (int i = 0, place = 0; i < outer; i++)
        {
            foreach (int index in indices)
            {
                tensor.Data.Span.Slice(((i * length) + index) * bytes, bytes).CopyTo(taken.AsSpan(place));
                place += bytes;
            }
        }

        dimensions[dimension] = indices.Count;
        return new TensorValue(tensor.Type, dimensions, taken);
    }

    /// <summary>The elements in double precision; null where they are no floating point numbers.</summary>
    public static double[]? Numbers(this TensorValue tensor) => ConstantTensor.Of(tensor)?.Values;

    private static long Product(ReadOnlySpan<long> dimensions)
    {
        long product = 1;
        foreach (long dimension in dimensions)
        {
            product *= dimension;
        }

        return product;
    }
}
