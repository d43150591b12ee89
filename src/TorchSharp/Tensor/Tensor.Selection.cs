using static TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The slice at one position of a dimension, without it.</summary>
        public Tensor select(long dim, long index) => Call("select.int", this, dim, index);

        /// <summary>The positions from start up to, without, finish, every step-th.</summary>
        public Tensor slice(long dim, long start, long finish, long step) =>
            Call("slice.Tensor", this, dim, start, finish, step);

        /// <summary>So many positions from start on.</summary>
        public Tensor narrow(long dim, long start, long length) => Call("narrow", this, dim, start, length);

        /// <summary>The slices that the index lists, along a dimension.</summary>
        public Tensor index_select(long dim, Tensor index) => Call("index_select", this, dim, index);

        /// <summary>For every position of the index, the element that it names along a dimension.</summary>
        public Tensor gather(long dim, Tensor index) => Call("gather", this, dim, index);

        /// <summary>The elements of the flattened tensor that the index lists.</summary>
        public Tensor take(Tensor index) => Call("take", this, index);

        /// <summary>A copy with the source's elements written where the index says along a dimension.</summary>
        public Tensor scatter(long dim, Tensor index, Tensor src) => Call("scatter.src", this, dim, index, src);

        /// <summary>Writes the source's elements where the index says along a dimension.</summary>
        public Tensor scatter_(long dim, Tensor index, Tensor src) => Mutate("scatter_.src", this, dim, index, src);

        /// <summary>A copy with the source's elements added where the index says along a dimension.</summary>
        public Tensor scatter_add(long dim, Tensor index, Tensor src) => Call("scatter_add", this, dim, index, src);

        /// <summary>Adds the source's elements where the index says along a dimension.</summary>
        public Tensor scatter_add_(long dim, Tensor index, Tensor src) => Mutate("scatter_add_", this, dim, index, src);

        /// <summary>A copy with alpha times the source's slices added to those that the index lists.</summary>
        public Tensor index_add(long dim, Tensor index, Tensor source, Scalar alpha) =>
            Call("index_add", this, dim, index, source, alpha);

        /// <summary>Adds alpha times the source's slices to those that the index lists.</summary>
        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar alpha) =>
            Mutate("index_add_", this, dim, index, source, alpha);

        /// <summary>Writes the source's slices over those that the index lists.</summary>
        public Tensor index_copy_(long dim, Tensor index, Tensor source) =>
            Mutate("index_copy_", this, dim, index, source);

        /// <summary>A copy with a value where the mask is true.</summary>
        public Tensor masked_fill(Tensor mask, Scalar value) => Call("masked_fill.Scalar", this, mask, value);

        /// <summary>Writes a value where the mask is true.</summary>
        public Tensor masked_fill_(Tensor mask, Scalar value) => Mutate("masked_fill_.Scalar", this, mask, value);

        /// <summary>The elements where the mask is true, in one dimension.</summary>
        public Tensor masked_select(Tensor mask) => Call("masked_select", this, mask);

        /// <summary>The indices of the elements that are not 0, a row an element.</summary>
        public Tensor nonzero() => Call("nonzero", this);

        /// <summary>A copy with a slice replaced.</summary>
        public Tensor select_scatter(Tensor src, long dim, long index) => Call("select_scatter", this, src, dim, index);

        /// <summary>Writes the source's elements, expanded and converted.</summary>
        public Tensor copy_(Tensor source, bool nonBlocking = false) => Mutate("copy_", this, source, nonBlocking);

        /// <summary>Writes one value everywhere.</summary>
        public Tensor fill_(Scalar value) => Mutate("fill_.Scalar", this, value);

        /// <summary>Writes 0 everywhere.</summary>
        public Tensor zero_() => Mutate("zero_", this);

        /// <summary>The elements along the index, which has as many dimensions.</summary>
        public Tensor take_along_dim(Tensor indices, long dim) => Call("take_along_dim", this, indices, dim);
    }
}
