using AuditKit.Models.Onnx;

namespace AuditKit.Checks.Weights;

/// <summary>Real numbers kept as integers: real = (integer − zero point) · scale, with one scale, one an index of an axis, or one a block.</summary>
internal static class QuantisedTensor
{
    /// <summary>Elements of a constant tensor of integers; null where they are none, or there are none.</summary>
    public static ConstantTensor? Integers(TensorValue tensor)
    {
        double[]? values = tensor.Count == 0 ? null : tensor.Type switch
        {
            ElementType.Int8 => Doubles<sbyte>(tensor),
            ElementType.UInt8 => Doubles<byte>(tensor),
            ElementType.Int16 => Doubles<short>(tensor),
            ElementType.UInt16 => Doubles<ushort>(tensor),
            ElementType.Int32 => Doubles<int>(tensor),
            _ => null,
        };
        return values is null ? null : new ConstantTensor(tensor.Dimensions.ToArray(), values);
    }

    /// <summary>The least and the largest integer of a type; null where it is no type that weights are rounded to.</summary>
    public static (double Least, double Largest)? Range(ElementType type) => type switch
    {
        ElementType.Int8 => (sbyte.MinValue, sbyte.MaxValue),
        ElementType.UInt8 => (byte.MinValue, byte.MaxValue),
        ElementType.Int16 => (short.MinValue, short.MaxValue),
        ElementType.UInt16 => (ushort.MinValue, ushort.MaxValue),
        _ => null,
    };

    /// <summary>Applies a function of a scale and a zero point to every element.</summary>
    /// <param name="tensor">The elements.</param>
    /// <param name="scale">Scales: one; one for each index of the axis; or, with blocks, as many dimensions as the elements have.</param>
    /// <param name="zeroPoint">Zero points, as many, or one for all; null for 0.</param>
    /// <param name="axis">The axis, counted from the end where it is negative.</param>
    /// <param name="block">Indices of the axis that share a scale; 0 where there are no blocks.</param>
    /// <param name="map">Element, scale and zero point to the new element.</param>
    /// <returns>Null where the sizes do not fit each other.</returns>
    public static ConstantTensor? Map(
        ConstantTensor tensor, ConstantTensor scale, ConstantTensor? zeroPoint, long axis, long block, Func<double, double, double, double> map)
    {
        long[] sizes = tensor.Dimensions;
        axis = axis < 0 ? axis + sizes.Length : axis;
        bool isOne = scale.Values.Length == 1;
        bool fits = (zeroPoint is null || zeroPoint.Values.Length == 1 || zeroPoint.Values.Length == scale.Values.Length)
            && (isOne || (axis >= 0 && axis < sizes.Length));
        if (!fits)
        {
            return null;
        }

        long inner = isOne ? 1 : sizes[(int)axis..].Aggregate(1L, (product, size) => product * size) / sizes[axis];
        long length = isOne ? 1 : sizes[axis];
        long blocks = isOne ? 1 : block > 0 ? (length + block - 1) / block : length;
        long expected = isOne ? 1 : block > 0 ? tensor.Values.Length / length * blocks : length;
        if (scale.Values.Length != expected)
        {
            return null;
        }

        return new ConstantTensor(sizes, [.. tensor.Values.Select((value, i) =>
        {
            long at = isOne ? 0 : i / inner % length;
            long index = isOne || block <= 0 ? at : (((i / (inner * length) * blocks) + (at / block)) * inner) + (i % inner);
            return map(value, scale.Values[index], zeroPoint?.Values[zeroPoint.Values.Length == 1 ? 0 : index] ?? 0);
        })]);
    }

    private static double[] Doubles<T>(TensorValue tensor)
        where T : unmanaged, System.Numerics.INumber<T> => Array.ConvertAll(tensor.As<T>().ToArray(), double.CreateChecked);
}
