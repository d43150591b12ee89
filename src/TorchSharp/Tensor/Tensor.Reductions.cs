using static TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The sum of all elements.</summary>
        public Tensor sum(ScalarType? type = null) => Call("sum", this, type);

        /// <summary>The sums over dimensions.</summary>
        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) =>
            Call("sum.dim_IntList", this, dim, keepdim, type);

        /// <summary>The sums over dimensions.</summary>
        public Tensor sum(ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null) =>
            Call("sum.dim_IntList", this, dim, keepdim, type);

        /// <summary>The sums over a dimension.</summary>
        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) =>
            Call("sum.dim_IntList", this, dim, keepdim, type);

        /// <summary>The mean of all elements.</summary>
        public Tensor mean() => Call("mean", this);

        /// <summary>The means over dimensions.</summary>
        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null) =>
            Call("mean.dim", this, dimensions, keepdim, type);

        /// <summary>The variance of all elements, divided by n − 1 (unbiased) or n.</summary>
        public Tensor var(bool unbiased = true) => Call("var", this, unbiased);

        /// <summary>The variances over dimensions, divided by n − 1 (unbiased) or n.</summary>
        public Tensor var(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Call("var.dim", this.As(type), dimensions, unbiased, keepdim);

        /// <summary>The variances over a dimension, divided by n − 1 (unbiased) or n.</summary>
        public Tensor var(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Call("var.dim", this.As(type), dim, unbiased, keepdim);

        /// <summary>The standard deviation of all elements, divided by n − 1 (unbiased) or n.</summary>
        public Tensor std(bool unbiased = true) => Call("std", this, unbiased);

        /// <summary>The standard deviations over dimensions, divided by n − 1 (unbiased) or n.</summary>
        public Tensor std(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Call("std.dim", this.As(type), dimensions, unbiased, keepdim);

        /// <summary>The standard deviations over a dimension, divided by n − 1 (unbiased) or n.</summary>
        public Tensor std(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Call("std.dim", this.As(type), dim, unbiased, keepdim);

        /// <summary>The product of all elements.</summary>
        public Tensor prod(ScalarType? type = null) => Call("prod", this, type);

        /// <summary>The products over a dimension.</summary>
        public Tensor prod(long dim, bool keepdim = false, ScalarType? type = null) =>
            Call("prod.dim_int", this, dim, keepdim, type);

        /// <summary>The largest element.</summary>
        public Tensor max() => Call("max", this);

        /// <summary>The larger of both.</summary>
        public Tensor max(Tensor other) => Call("maximum", this, other);

        /// <summary>The largest elements over a dimension.</summary>
        /// <returns>The values and their indices.</returns>
        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false) =>
            Call2("max.dim", this, dim, keepdim);

        /// <summary>The smallest element.</summary>
        public Tensor min() => Call("min", this);

        /// <summary>The smaller of both.</summary>
        public Tensor min(Tensor other) => Call("minimum", this, other);

        /// <summary>The smallest elements over a dimension.</summary>
        /// <returns>The values and their indices.</returns>
        public (Tensor values, Tensor indexes) min(long dim, bool keepdim = false) =>
            Call2("min.dim", this, dim, keepdim);

        /// <summary>The largest elements over dimensions.</summary>
        public Tensor amax(params long[] dims) => Call("amax", this, dims);

        /// <summary>The largest elements over dimensions.</summary>
        public Tensor amax(long[] dims, bool keepdim = false, Tensor? @out = null) =>
            Into(@out, Call("amax", this, dims, keepdim));

        /// <summary>The smallest elements over dimensions.</summary>
        public Tensor amin(params long[] dims) => Call("amin", this, dims);

        /// <summary>The smallest elements over dimensions.</summary>
        public Tensor amin(long[] dims, bool keepdim = false, Tensor? @out = null) =>
            Into(@out, Call("amin", this, dims, keepdim));

        /// <summary>The index of the largest element, all dimensions being one.</summary>
        public Tensor argmax() => Call("argmax", this);

        /// <summary>The indices of the largest elements over a dimension.</summary>
        public Tensor argmax(long dim, bool keepdim = false) => Call("argmax", this, dim, keepdim);

        /// <summary>The index of the smallest element, all dimensions being one.</summary>
        public Tensor argmin() => Call("argmin", this);

        /// <summary>The indices of the smallest elements over a dimension.</summary>
        public Tensor argmin(long dim, bool keepdim = false) => Call("argmin", this, dim, keepdim);

        /// <summary>Whether all elements are not 0.</summary>
        public Tensor all() => Call("all", this);

        /// <summary>Whether all elements over a dimension are not 0.</summary>
        public Tensor all(long dim, bool keepdim = false) => Call("all.dim", this, dim, keepdim);

        /// <summary>Whether any element is not 0.</summary>
        public Tensor any() => Call("any", this);

        /// <summary>Whether any element over a dimension is not 0.</summary>
        public Tensor any(long dim, bool keepdim = false) => Call("any.dim", this, dim, keepdim);

        /// <summary>How many elements, over the dimensions or in all, are not 0.</summary>
        public Tensor count_nonzero(long[]? dims = null) =>
            dims is null ? Call("count_nonzero", this) : Call("count_nonzero.dim_IntList", this, dims);

        /// <summary>The p-norm of all elements.</summary>
        public Tensor norm(float p = 2) => Call("norm.Scalar", this, p);

        /// <summary>The p-norms over a dimension.</summary>
        public Tensor norm(int dim, bool keepdim = false, float p = 2) =>
            Call("norm.ScalarOpt_dim", this, p, dim, keepdim);

        /// <summary>log Σ eˣ over a dimension, without overflow.</summary>
        public Tensor logsumexp(long dim, bool keepdim = false) => Call("logsumexp", this, dim, keepdim);

        /// <summary>The running sums along a dimension.</summary>
        public Tensor cumsum(long dim, ScalarType? type = null) => Call("cumsum", this, dim, type);

        /// <summary>The running products along a dimension.</summary>
        public Tensor cumprod(long dim, ScalarType? type = null) => Call("cumprod", this, dim, type);

        /// <summary>The largest (or smallest) k elements along a dimension.</summary>
        /// <returns>The values and their indices.</returns>
        public (Tensor values, Tensor indexes) topk(int k, int dim = -1, bool largest = true, bool sorted = true) =>
            Call2("topk", this, k, dim, largest, sorted);

        /// <summary>The elements in order along a dimension.</summary>
        /// <returns>The values and where they were.</returns>
        public (Tensor Values, Tensor Indices) sort(long dim = -1, bool descending = false, bool stable = false) =>
            Call2("sort.stable", this, stable, dim, descending);

        /// <summary>The indices that put the elements in order along a dimension.</summary>
        public Tensor argsort(long dim = -1, bool descending = false) => Call("argsort", this, dim, descending);

        /// <summary>The median of all elements: of an even number, the lower one of the middle.</summary>
        public Tensor median() => Call("median", this);

        /// <summary>Quantiles along a dimension, linearly interpolated.</summary>
        public Tensor quantile(Tensor q, long dim = -1, bool keepdim = false) =>
            Call("quantile", this, q, dim, keepdim);

        /// <summary>How often every integer from 0 occurs, each counted by its weight.</summary>
        public Tensor bincount(Tensor weights, long minlength = 0) => Call("bincount", this, weights, minlength);
    }
}
