using static TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The same elements in another shape, copied only where they must; −1 is what is left over.</summary>
        public Tensor reshape(params long[] shape) => Call("reshape", this, shape);

        /// <summary>The same elements in another shape, never copied; −1 is what is left over.</summary>
        public Tensor view(params long[] shape) => Call("view", this, shape);

        /// <summary>The dimensions in another order.</summary>
        public Tensor permute(params long[] permutation) => Call("permute", this, permutation);

        /// <summary>Two dimensions exchanged.</summary>
        public Tensor transpose(long dim0, long dim1) => Call("transpose.int", this, dim0, dim1);

        /// <summary>The matrix with rows and columns exchanged.</summary>
        public Tensor t() => Call("t", this);

        /// <summary>Neighbouring dimensions made one.</summary>
        public Tensor flatten(long start_dim = 0, long end_dim = -1) =>
            Call("flatten.using_ints", this, start_dim, end_dim);

        /// <summary>One dimension made several.</summary>
        public Tensor unflatten(long dim, params long[] sizes) => Unflatten(dim, sizes);

        /// <summary>Without the dimensions, or the one named, that have length 1.</summary>
        public Tensor squeeze(long? dim = null) => dim is null ? Call("squeeze", this) : Call("squeeze.dim", this, dim);

        /// <summary>With a new dimension of length 1.</summary>
        public Tensor unsqueeze(long dim) => Call("unsqueeze", this, dim);

        /// <summary>Dimensions of length 1 repeated without copying; −1 keeps a length.</summary>
        public Tensor expand(params long[] sizes) => Call("expand", this, sizes);

        /// <summary>Dimensions of length 1 repeated without copying, up to the other tensor's shape.</summary>
        public Tensor expand_as(Tensor other) => Call("expand_as", this, other);

        /// <summary>Dimensions of length 1 repeated without copying.</summary>
        public Tensor broadcast_to(params long[] shape) => Call("broadcast_to", this, shape);

        /// <summary>Copies side by side, so many along every dimension.</summary>
        public Tensor repeat(params long[] sizes) => Call("repeat", this, sizes);

        /// <summary>Copies side by side, so many along the last dimensions.</summary>
        public Tensor tile(long[] reps) => Call("tile", this, reps);

        /// <summary>Every element so many times in a row.</summary>
        public Tensor repeat_interleave(long repeats, long? dim = null, long? output_size = null) =>
            Call("repeat_interleave.self_int", this, repeats, dim, output_size);

        /// <summary>The order reversed along dimensions.</summary>
        public Tensor flip(params long[] dims) => Call("flip", this, dims);

        /// <summary>The elements moved along dimensions, what leaves at one end entering at the other.</summary>
        public Tensor roll(long[] shifts, long[] dims) => Call("roll", this, shifts, dims);

        /// <summary>The elements moved along a dimension, what leaves at one end entering at the other.</summary>
        public Tensor roll(long shifts, long? dims = null) =>
            Call("roll", this, shifts, dims is null ? Array.Empty<long>() : [dims.Value]);

        /// <summary>Dimensions moved to other places.</summary>
        public Tensor movedim(long[] source, long[] destination) => Call("movedim.intlist", this, source, destination);

        /// <summary>Equal parts along a dimension; the last may be shorter.</summary>
        public Tensor[] chunk(long chunks, long dim = 0) => CallList("chunk", this, chunks, dim);

        /// <summary>Parts of one length along a dimension; the last may be shorter.</summary>
        public Tensor[] split(long size, int dim = 0) => CallList("split.Tensor", this, size, dim);

        /// <summary>Parts of given lengths along a dimension.</summary>
        public Tensor[] split(long[] sizes, long dim = 0) => CallList("split_with_sizes", this, sizes, dim);

        /// <summary>The slices along a dimension, without it.</summary>
        public Tensor[] unbind(long dimension = 0) => CallList("unbind.int", this, dimension);

        /// <summary>Sliding windows along a dimension, as a new last dimension.</summary>
        public Tensor unfold(long dimension, long size, long step) => Call("unfold", this, dimension, size, step);

        /// <summary>The same memory seen with another shape and strides.</summary>
        public Tensor as_strided(long[] size, long[] strides, long storageOffset = 0) =>
            Call("as_strided", this, size, strides, storageOffset);

        /// <summary>The elements in memory without gaps, copied only where they must.</summary>
        public Tensor contiguous() => Call("contiguous", this);

        /// <summary>A copy, which gradients flow through.</summary>
        public Tensor clone() => Call("clone", this);

        /// <summary>The same tensor under another object.</summary>
        public Tensor alias() => Call("alias", this);

        /// <summary>The diagonal of a matrix, or the matrix of a diagonal.</summary>
        public Tensor diag(long diagonal = 0) => Call("diag", this, diagonal);

        /// <summary>The diagonals over two dimensions, as a new last dimension.</summary>
        public Tensor diagonal(long offset = 0, long dim1 = 0, long dim2 = 1) =>
            Call("diagonal", this, offset, dim1, dim2);

        /// <summary>The lower triangle of a matrix, 0 above.</summary>
        public Tensor tril(long diagonal = 0) => Call("tril", this, diagonal);

        /// <summary>The upper triangle of a matrix, 0 below.</summary>
        public Tensor triu(long diagonal = 0) => Call("triu", this, diagonal);
    }
}
