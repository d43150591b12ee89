using static TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Initialisation of weights, in place and without history.</summary>
        public static class init
        {
            /// <summary>What follows a layer, for the gain of its weights.</summary>
            public enum NonlinearityType
            {
                /// <summary>Nothing.</summary>
                Linear = 0,

                /// <summary>A convolution.</summary>
                Conv1D = 1,

                /// <summary>A convolution.</summary>
                Conv2D = 2,

                /// <summary>A convolution.</summary>
                Conv3D = 3,

                /// <summary>A transposed convolution.</summary>
                ConvTranspose1D = 4,

                /// <summary>A transposed convolution.</summary>
                ConvTranspose2D = 5,

                /// <summary>A transposed convolution.</summary>
                ConvTranspose3D = 6,

                /// <summary>The sigmoid.</summary>
                Sigmoid = 7,

                /// <summary>The hyperbolic tangent.</summary>
                Tanh = 8,

                /// <summary>max(x, 0).</summary>
                ReLU = 9,

                /// <summary>x where positive, else slope · x.</summary>
                LeakyReLU = 10,
            }

            /// <summary>Which side of a layer keeps its variance.</summary>
            public enum FanInOut
            {
                /// <summary>The inputs: in the forward pass.</summary>
                FanIn = 0,

                /// <summary>The outputs: in the backward pass.</summary>
                FanOut = 1,
            }

            /// <summary>The factor by which weights make up for what the nonlinearity takes away.</summary>
            /// <param name="nonlinearity">What follows the layer.</param>
            /// <param name="param">The slope of <see cref="NonlinearityType.LeakyReLU"/>.</param>
            public static double calculate_gain(NonlinearityType nonlinearity, double param = 0) => nonlinearity switch
            {
                NonlinearityType.Tanh => 5.0 / 3,
                NonlinearityType.ReLU => Math.Sqrt(2),
                NonlinearityType.LeakyReLU => Math.Sqrt(2 / (1 + (param * param))),
                _ => 1,
            };

            /// <summary>How many inputs feed one output, and how many outputs one input feeds.</summary>
            /// <exception cref="ArgumentException">The tensor has fewer than two dimensions.</exception>
            public static (long fanIn, long fanOut) CalculateFanInAndFanOut(Tensor tensor)
            {
                long[] shape = tensor.shape;
                if (shape.Length < 2)
                {
                    throw new ArgumentException("Weights of fewer than two dimensions have no inputs and outputs.");
                }

                long window = tensor.numel() / Math.Max(shape[0] * shape[1], 1);
                return (shape[1] * window, shape[0] * window);
            }

            /// <summary>Writes one value.</summary>
            public static Tensor constant_(Tensor tensor, Scalar val) => Set(tensor, t => t.fill_(val));

            /// <summary>Writes 1.</summary>
            public static Tensor ones_(Tensor tensor) => constant_(tensor, 1);

            /// <summary>Writes 0.</summary>
            public static Tensor zeros_(Tensor tensor) => constant_(tensor, 0);

            /// <summary>Draws from N(mean, std²).</summary>
            public static Tensor normal_(Tensor tensor, double mean = 0, double std = 1, Generator? generator = null) =>
                Set(tensor, t => t.normal_(mean, std, generator));

            /// <summary>Draws uniformly from [low, high).</summary>
            public static Tensor uniform_(Tensor tensor, double low = 0, double high = 1, Generator? generator = null) =>
                Set(tensor, t => t.uniform_(low, high, generator));

            /// <summary>Draws from N(0, gain² / fan) (He et al. 2015).</summary>
            public static Tensor kaiming_normal_(
                Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn,
                NonlinearityType nonlinearity = NonlinearityType.LeakyReLU) =>
                normal_(tensor, 0, calculate_gain(nonlinearity, a) / Math.Sqrt(Fan(tensor, mode)));

            /// <summary>Draws uniformly with the variance gain² / fan (He et al. 2015).</summary>
            public static Tensor kaiming_uniform_(
                Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn,
                NonlinearityType nonlinearity = NonlinearityType.LeakyReLU)
            {
                double bound = calculate_gain(nonlinearity, a) * Math.Sqrt(3.0 / Fan(tensor, mode));
                return uniform_(tensor, -bound, bound);
            }

            /// <summary>
            /// Draws from a normal distribution with the variance 2·gain² / (inputs + outputs) (Glorot and Bengio
            /// 2010).
            /// </summary>
            public static Tensor xavier_normal_(Tensor tensor, double gain = 1) =>
                normal_(tensor, 0, gain * Math.Sqrt(2.0 / FanSum(tensor)));

            /// <summary>
            /// Draws uniformly with the variance 2·gain² / (inputs + outputs) (Glorot and Bengio 2010).
            /// </summary>
            public static Tensor xavier_uniform_(Tensor tensor, double gain = 1)
            {
                double bound = gain * Math.Sqrt(6.0 / FanSum(tensor));
                return uniform_(tensor, -bound, bound);
            }

            /// <summary>
            /// Writes a matrix with orthonormal rows or columns, whichever are fewer, times the gain (Saxe et al.
            /// 2014).
            /// </summary>
            public static Tensor orthogonal_(Tensor tensor, double gain = 1)
            {
                using DisposeScope scope = NewDisposeScope();
                long rows = tensor.shape[0];
                long columns = tensor.numel() / rows;
                Tensor draws = randn([Math.Max(rows, columns), Math.Min(rows, columns)], tensor.dtype, tensor.device);
                (Tensor q, Tensor r) = linalg.qr(draws);

                // The signs of R's diagonal make the distribution uniform.
                q = q.mul(r.diag().sign());
                return Set(tensor, t => t.copy_((rows < columns ? q.t() : q).reshape(tensor.shape)).mul_(gain));
            }

            private static long Fan(Tensor tensor, FanInOut mode)
            {
                (long fanIn, long fanOut) = CalculateFanInAndFanOut(tensor);
                return mode == FanInOut.FanIn ? fanIn : fanOut;
            }

            private static long FanSum(Tensor tensor)
            {
                (long fanIn, long fanOut) = CalculateFanInAndFanOut(tensor);
                return fanIn + fanOut;
            }

            private static Tensor Set(Tensor tensor, Action<Tensor> write)
            {
                using IDisposable quiet = no_grad();
                write(tensor);
                return tensor;
            }
        }

        /// <summary>What training loops need around parameters.</summary>
        public static class utils
        {
            /// <summary>
            /// Scales all gradients so that their common norm is at most <paramref name="max_norm"/>.
            /// </summary>
            /// <param name="tensors">The parameters.</param>
            /// <param name="max_norm">The largest norm that is left as it is.</param>
            /// <param name="norm_type">Which p-norm.</param>
            /// <returns>The norm before.</returns>
            public static double clip_grad_norm_(
                IEnumerable<Modules.Parameter> tensors, double max_norm, double norm_type = 2)
            {
                using IDisposable quiet = no_grad();
                using DisposeScope scope = NewDisposeScope();
                List<Tensor> grads = [.. tensors.Select(tensor => tensor.grad).OfType<Tensor>()];
                if (grads.Count == 0)
                {
                    return 0;
                }

                Tensor norms = stack(grads.Select(grad => Call("norm.Scalar", grad, norm_type)));
                double norm = Call("norm.Scalar", norms, norm_type).ToScalar().ToDouble();
                double factor = max_norm / (norm + 1e-6);
                if (factor < 1)
                {
                    grads.ForEach(grad => grad.mul_(factor));
                }

                return norm;
            }
        }
    }
}
