using static TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            private static Tensor Normalize(Tensor input, double p, long dim, double eps)
            {
                using DisposeScope scope = NewDisposeScope();
                Tensor length = Call("norm.ScalarOpt_dim", input, p, dim, true).clamp_min(eps);
                return input.div(length).MoveToOuterDisposeScope();
            }

            /// <summary>
            /// x / (k + α·mean of the squares of the neighbouring channels)^β (Krizhevsky et al. 2012).
            /// </summary>
            private static Tensor LocalResponseNorm(Tensor input, long size, double alpha, double beta, double k)
            {
                using DisposeScope scope = NewDisposeScope();
                long[] shape = input.shape;
                long rest = input.numel() / Math.Max(shape[0] * shape[1], 1);

                // Channels become one spatial dimension, so that an average pool with padding does the sliding.
                Tensor squares = input.square().reshape(shape[0], 1, shape[1], rest);
                Tensor padded = pad(squares, [0L, 0L, size / 2, (size - 1) / 2]);
                Tensor means = avg_pool2d(padded, [size, 1L], [1L, 1L]).reshape(shape);
                return input.div(means.mul(alpha).add(k).pow(beta)).MoveToOuterDisposeScope();
            }

            private static Tensor LpPool(Tensor input, double power, long[] kernel, long[]? stride, bool ceil)
            {
                using DisposeScope scope = NewDisposeScope();
                Tensor sums = avg_pool2d(input.abs().pow(power), kernel, stride, ceil_mode: ceil, divisor_override: 1);
                return sums.pow(1 / power).MoveToOuterDisposeScope();
            }
        }
    }
}
