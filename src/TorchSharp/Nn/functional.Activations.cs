using static TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>max(x, 0).</summary>
            public static Tensor relu(Tensor x, bool inplace = false) => inplace ? x.relu_() : x.relu();

            /// <summary>min(max(x, 0), 6).</summary>
            public static Tensor relu6(Tensor x, bool inplace = false) => inplace ? Mutate("relu6_", x) : x.relu6();

            /// <summary>x where positive, else slope · x.</summary>
            public static Tensor leaky_relu(Tensor input, double negative_slope = 0.01, bool inplace = false) =>
                inplace ? Mutate("leaky_relu_", input, negative_slope) : input.leaky_relu(negative_slope);

            /// <summary>x where positive, else a slope of its own for every channel.</summary>
            public static Tensor prelu(Tensor input, Tensor weight) => input.prelu(weight);

            /// <summary>x where positive, else α·(eˣ − 1).</summary>
            public static Tensor elu(Tensor x, double alpha, bool inplace = false) =>
                inplace ? Mutate("elu_", x, alpha) : x.elu(alpha);

            /// <summary>x where positive, else α·(eˣ⸍ᵅ − 1).</summary>
            public static Tensor celu(Tensor x, double alpha, bool inplace = false) =>
                inplace ? Mutate("celu_", x, alpha) : x.celu(alpha);

            /// <summary>The self-normalising ELU of Klambauer et al. (2017).</summary>
            public static Tensor selu(Tensor x, bool inplace = false) => inplace ? Mutate("selu_", x) : x.selu();

            /// <summary>x · Φ(x), Φ being the normal distribution function.</summary>
            public static Tensor gelu(Tensor x) => x.gelu();

            /// <summary>x · sigmoid(x).</summary>
            public static Tensor silu(Tensor x, bool inplace = false) => inplace ? Mutate("silu_", x) : x.silu();

            /// <summary>x · tanh(softplus(x)).</summary>
            public static Tensor mish(Tensor x, bool inplace = false) => inplace ? Mutate("mish_", x) : Call("mish", x);

            /// <summary>relu6(x + 3) / 6.</summary>
            public static Tensor hardsigmoid(Tensor input, bool inplace = false) =>
                inplace ? Mutate("hardsigmoid_", input) : input.hardsigmoid();

            /// <summary>x · relu6(x + 3) / 6.</summary>
            public static Tensor hardswish(Tensor input, bool inplace = false) =>
                inplace ? Mutate("hardswish_", input) : input.hardswish();

            /// <summary>x, moved to the nearest value in [min_val, max_val].</summary>
            public static Tensor hardtanh(Tensor x, double min_val = -1, double max_val = 1, bool inplace = false) =>
                inplace ? Mutate("hardtanh_", x, min_val, max_val) : x.hardtanh(min_val, max_val);

            /// <summary>x where |x| is above λ, else 0.</summary>
            public static Tensor hardshrink(Tensor x, double lambda = 0.5) => Call("hardshrink", x, lambda);

            /// <summary>x moved towards 0 by λ.</summary>
            public static Tensor softshrink(Tensor x, double lambda = 0.5) => Call("softshrink", x, lambda);

            /// <summary>log(1 + e^(β·x)) / β, x itself where β·x is above the threshold.</summary>
            public static Tensor softplus(Tensor x, double beta = 1, double threshold = 20) =>
                x.softplus(beta, threshold);

            /// <summary>x / (1 + |x|).</summary>
            public static Tensor softsign(Tensor x, bool inplace = false) =>
                inplace ? x.div_(x.abs().add_(1)) : x.div(x.abs().add_(1));

            /// <summary>x where it is above the threshold, else the value.</summary>
            public static Tensor threshold(Tensor x, double threshold, double value, bool inplace = false) =>
                inplace ? Mutate("threshold_", x, threshold, value) : x.threshold(threshold, value);

            /// <summary>1 / (1 + e⁻ˣ).</summary>
            public static Tensor sigmoid(Tensor x) => x.sigmoid();

            /// <summary>tanh x.</summary>
            public static Tensor tanh(Tensor x, bool inplace = false) => inplace ? x.tanh_() : x.tanh();

            /// <summary>log sigmoid(x).</summary>
            public static Tensor logsigmoid(Tensor x) => x.log_sigmoid();

            /// <summary>eˣ, divided by their sum over a dimension.</summary>
            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.softmax(dim, dtype);

            /// <summary>The logarithm of the softmax over a dimension.</summary>
            public static Tensor log_softmax(Tensor x, long dim) => x.log_softmax(dim);

            /// <summary>The first half along a dimension times the sigmoid of the second.</summary>
            public static Tensor glu(Tensor input, long dim = -1) => Call("glu", input, dim);
        }
    }
}
