using static TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>For every position of the index, the element that it names along a dimension.</summary>
    public static Tensor gather(Tensor input, long dim, Tensor index) => input.gather(dim, index);

    /// <summary>The slices that the index lists, along a dimension.</summary>
    public static Tensor index_select(Tensor input, long dim, Tensor index) => input.index_select(dim, index);

    /// <summary>The slice at one position of a dimension, without it.</summary>
    public static Tensor select(Tensor input, long dim, long index) => input.select(dim, index);

    /// <summary>So many positions from start on.</summary>
    public static Tensor narrow(Tensor input, long dim, long start, long length) => input.narrow(dim, start, length);

    /// <summary>A copy with the source's elements written where the index says along a dimension.</summary>
    public static Tensor scatter(Tensor input, long dim, Tensor index, Tensor src) => input.scatter(dim, index, src);

    /// <summary>A copy with the source's elements added where the index says along a dimension.</summary>
    public static Tensor scatter_add(Tensor input, long dim, Tensor index, Tensor src) =>
        input.scatter_add(dim, index, src);

    /// <summary>The elements where the mask is true, in one dimension.</summary>
    public static Tensor masked_select(Tensor input, Tensor mask) => input.masked_select(mask);

    /// <summary>The indices of the elements that are not 0, a row an element.</summary>
    public static Tensor nonzero(Tensor input) => input.nonzero();

    /// <summary>
    /// Where the values would have to be inserted into a sorted sequence: before equals, or after them (right).
    /// </summary>
    public static Tensor searchsorted(
        Tensor sorted_sequence, Tensor values, bool out_int32 = false, bool right = false, Tensor? sorter = null) =>
        Call("searchsorted.Tensor", sorted_sequence, values, out_int32, right, default, sorter);

    /// <summary>Which bucket between the boundaries every element falls into.</summary>
    public static Tensor bucketize(Tensor input, Tensor boundaries, bool outInt32 = false, bool right = false) =>
        Call("bucketize.Tensor", input, boundaries, outInt32, right);
}
