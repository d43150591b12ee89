using static TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>How a quotient is rounded.</summary>
    public enum RoundingMode
    {
        /// <summary>Not at all.</summary>
        None,

        /// <summary>Towards 0.</summary>
        trunc,

        /// <summary>Downwards.</summary>
        floor,
    }

    public partial class Tensor
    {
        /// <summary>
        /// The different elements, and, if asked for, the index of each element's value among them and how often each
        /// occurs.
        /// </summary>
        public (Tensor output, Tensor? inverse_indices, Tensor? counts) unique(
            bool sorted = true, bool return_inverse = false, bool return_counts = false, int? dim = null)
        {
            (Tensor output, Tensor inverse, Tensor counts) = dim is null
                ? Call3("_unique2", this, sorted, return_inverse, return_counts)
                : Call3("unique_dim", this, dim.Value, sorted, return_inverse, return_counts);
            return (output, Wanted(inverse, return_inverse), Wanted(counts, return_counts));

            static Tensor? Wanted(Tensor tensor, bool wanted)
            {
                if (!wanted)
                {
                    tensor.Dispose();
                }

                return wanted ? tensor : null;
            }
        }

        private static string? Name(RoundingMode mode) => mode == RoundingMode.None ? null : mode.ToString();

        /// <summary>left / right for a number on the left, which takes the tensor's own type if that is real.</summary>
        private static Tensor Quotient(Scalar left, Tensor right)
        {
            using Tensor number = full([], left, right.is_floating_point() ? right.dtype : null, right.device);
            return number.div(right);
        }

        private static Tensor Into(Tensor? target, Tensor result)
        {
            if (target is null)
            {
                return result;
            }

            Mutate("resize_", target, result.shape).copy_(result);
            result.Dispose();
            return target;
        }

        private Tensor As(ScalarType? type) => type is { } wanted ? to(wanted) : this;

        private Tensor Unflatten(long dim, long[] sizes)
        {
            long[] shape = this.shape;
            int at = (int)(dim < 0 ? dim + shape.Length : dim);
            return reshape([.. shape[..at], .. sizes, .. shape[(at + 1)..]]);
        }
    }
}
