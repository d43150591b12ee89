using static TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>max(x, 0).</summary>
        public Tensor relu() => Call("relu", this);

        /// <summary>max(x, 0), in place.</summary>
        public Tensor relu_() => Mutate("relu_", this);

        /// <summary>min(max(x, 0), 6).</summary>
        public Tensor relu6() => Call("relu6", this);

        /// <summary>x where positive, else slope · x.</summary>
        public Tensor leaky_relu(Scalar negative_slope) => Call("leaky_relu", this, negative_slope);

        /// <summary>x where positive, else a slope of its own for every channel.</summary>
        public Tensor prelu(Tensor target) => Call("prelu", this, target);

        /// <summary>x where positive, else α·(eˣ − 1).</summary>
        public Tensor elu(double alpha = 1) => Call("elu", this, alpha);

        /// <summary>x where positive, else α·(eˣ⸍ᵅ − 1).</summary>
        public Tensor celu(Scalar alpha) => Call("celu", this, alpha);

        /// <summary>The self-normalising ELU of Klambauer et al. (2017).</summary>
        public Tensor selu() => Call("selu", this);

        /// <summary>x · Φ(x), Φ being the normal distribution function.</summary>
        public Tensor gelu() => Call("gelu", this);

        /// <summary>x · sigmoid(x).</summary>
        public Tensor silu() => Call("silu", this);

        /// <summary>x · relu6(x + 3) / 6.</summary>
        public Tensor hardswish() => Call("hardswish", this);

        /// <summary>relu6(x + 3) / 6.</summary>
        public Tensor hardsigmoid() => Call("hardsigmoid", this);

        /// <summary>x, moved to the nearest value in [min, max].</summary>
        public Tensor hardtanh(Scalar min, Scalar max) => Call("hardtanh", this, min, max);

        /// <summary>log(1 + e^(β·x)) / β, x itself where β·x is above the threshold.</summary>
        public Tensor softplus(double beta = 1, double threshold = 20) => Call("softplus", this, beta, threshold);

        /// <summary>x where it is above the threshold, else the value.</summary>
        public Tensor threshold(Scalar threshold, Scalar value) => Call("threshold", this, threshold, value);

        /// <summary>log sigmoid(x).</summary>
        public Tensor log_sigmoid() => Call("log_sigmoid", this);

        /// <summary>eˣ, divided by their sum over a dimension.</summary>
        public Tensor softmax(long dim, ScalarType? dtype = null) => Call("softmax.int", this, dim, dtype);

        /// <summary>The logarithm of the softmax over a dimension.</summary>
        public Tensor log_softmax(long dim, ScalarType? dtype = null) => Call("log_softmax.int", this, dim, dtype);
    }
}
