namespace TorchSharp;

public static partial class torch
{
    /// <summary>
    /// What one dimension of a tensor is indexed by: a number, a slice, a new dimension, an ellipsis or a tensor.
    /// </summary>
    public readonly struct TensorIndex
    {
        /// <summary>All dimensions that the other indices leave over.</summary>
        public static readonly TensorIndex Ellipsis = new(IndexKind.Ellipsis);

        /// <summary>A new dimension of length 1.</summary>
        public static readonly TensorIndex None = new(IndexKind.None);

        /// <summary>A new dimension of length 1.</summary>
        public static readonly TensorIndex Null = new(IndexKind.None);

        /// <summary>The whole dimension.</summary>
        public static readonly TensorIndex Colon = Slice();

        private TensorIndex(IndexKind kind, long? start = null, long? stop = null, long? step = null, Tensor? tensor = null)
        {
            Kind = kind;
            Start = start;
            Stop = stop;
            Step = step;
            Values = tensor;
        }

        internal IndexKind Kind { get; }

        internal long? Start { get; }

        internal long? Stop { get; }

        internal long? Step { get; }

        internal Tensor? Values { get; }

        /// <summary>One position; negative ones count from the end.</summary>
        public static implicit operator TensorIndex(long value) => Single(value);

        /// <summary>The positions from the first number up to the second, which is left out.</summary>
        public static implicit operator TensorIndex((int? start, int? end) range) => Slice(range);

        /// <summary>The positions of a range.</summary>
        public static implicit operator TensorIndex(Range range) => Slice(range);

        /// <summary>One position.</summary>
        public static implicit operator TensorIndex(Index index) => Single(index.IsFromEnd ? -index.Value : index.Value);

        /// <summary>
        /// Every <paramref name="step"/>-th position from <paramref name="start"/> up to, without, <paramref
        /// name="stop"/>.
        /// </summary>
        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) =>
            new(IndexKind.Slice, start, stop, step);

        /// <summary>The positions from the first number up to the second, which is left out.</summary>
        public static TensorIndex Slice((int? start, int? end) range) => Slice((long?)range.start, (long?)range.end);

        /// <summary>The positions of a range.</summary>
        public static TensorIndex Slice(Range range) => Slice(
            range.Start.IsFromEnd ? -range.Start.Value : range.Start.Value,
            range.End is { IsFromEnd: true, Value: 0 } ? null : range.End.IsFromEnd ? -range.End.Value : range.End.Value);

        /// <summary>A new dimension of length 1 (true) or 0 (false).</summary>
        public static TensorIndex Bool(bool value) => new(IndexKind.Bool, value ? 1 : 0);

        /// <summary>One position; negative ones count from the end.</summary>
        public static TensorIndex Single(long? index) => new(IndexKind.Single, index);

        /// <summary>The positions that a tensor of integers lists, or where a tensor of truth values is true.</summary>
        public static TensorIndex Tensor(Tensor tensor) => new(IndexKind.Tensor, tensor: tensor);
    }

    internal enum IndexKind
    {
        Slice,
        None,
        Ellipsis,
        Bool,
        Single,
        Tensor,
    }
}
