using static TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>|x|.</summary>
        public Tensor abs() => Call("abs", this);

        /// <summary>|x|, in place.</summary>
        public Tensor abs_() => Mutate("abs_", this);

        /// <summary>arccos x.</summary>
        public Tensor acos() => Call("acos", this);

        /// <summary>arcosh x.</summary>
        public Tensor acosh() => Call("acosh", this);

        /// <summary>arcsin x.</summary>
        public Tensor asin() => Call("asin", this);

        /// <summary>arsinh x.</summary>
        public Tensor asinh() => Call("asinh", this);

        /// <summary>arctan x.</summary>
        public Tensor atan() => Call("atan", this);

        /// <summary>artanh x.</summary>
        public Tensor atanh() => Call("atanh", this);

        /// <summary>The bits, or truth values, inverted.</summary>
        public Tensor bitwise_not() => Call("bitwise_not", this);

        /// <summary>The next integer at or above x.</summary>
        public Tensor ceil() => Call("ceil", this);

        /// <summary>The next integer at or above x, in place.</summary>
        public Tensor ceil_() => Mutate("ceil_", this);

        /// <summary>cos x.</summary>
        public Tensor cos() => Call("cos", this);

        /// <summary>cos x, in place.</summary>
        public Tensor cos_() => Mutate("cos_", this);

        /// <summary>cosh x.</summary>
        public Tensor cosh() => Call("cosh", this);

        /// <summary>The derivative of log Γ(x).</summary>
        public Tensor digamma() => Call("digamma", this);

        /// <summary>The error function of x.</summary>
        public Tensor erf() => Call("erf", this);

        /// <summary>The error function of x, in place.</summary>
        public Tensor erf_() => Mutate("erf_", this);

        /// <summary>1 − erf x.</summary>
        public Tensor erfc() => Call("erfc", this);

        /// <summary>The inverse of the error function.</summary>
        public Tensor erfinv() => Call("erfinv", this);

        /// <summary>eˣ.</summary>
        public Tensor exp() => Call("exp", this);

        /// <summary>eˣ, in place.</summary>
        public Tensor exp_() => Mutate("exp_", this);

        /// <summary>2ˣ.</summary>
        public Tensor exp2() => Call("exp2", this);

        /// <summary>eˣ − 1, exact for small x.</summary>
        public Tensor expm1() => Call("expm1", this);

        /// <summary>The next integer at or below x.</summary>
        public Tensor floor() => Call("floor", this);

        /// <summary>The next integer at or below x, in place.</summary>
        public Tensor floor_() => Mutate("floor_", this);

        /// <summary>x without its integer part.</summary>
        public Tensor frac() => Call("frac", this);

        /// <summary>Where x is neither infinite nor NaN.</summary>
        public Tensor isfinite() => Call("isfinite", this);

        /// <summary>Where x is infinite.</summary>
        public Tensor isinf() => Call("isinf", this);

        /// <summary>Where x is NaN.</summary>
        public Tensor isnan() => Call("isnan", this);

        /// <summary>log |Γ(x)|.</summary>
        public Tensor lgamma() => Call("lgamma", this);

        /// <summary>The natural logarithm.</summary>
        public Tensor log() => Call("log", this);

        /// <summary>The natural logarithm, in place.</summary>
        public Tensor log_() => Mutate("log_", this);

        /// <summary>The logarithm to base 10.</summary>
        public Tensor log10() => Call("log10", this);

        /// <summary>log(1 + x), exact for small x.</summary>
        public Tensor log1p() => Call("log1p", this);

        /// <summary>log(1 + x), exact for small x, in place.</summary>
        public Tensor log1p_() => Mutate("log1p_", this);

        /// <summary>The logarithm to base 2.</summary>
        public Tensor log2() => Call("log2", this);

        /// <summary>Where x is 0.</summary>
        public Tensor logical_not() => Call("logical_not", this);

        /// <summary>−x.</summary>
        public Tensor neg() => Call("neg", this);

        /// <summary>−x, in place.</summary>
        public Tensor neg_() => Mutate("neg_", this);

        /// <summary>1 / x.</summary>
        public Tensor reciprocal() => Call("reciprocal", this);

        /// <summary>1 / x, in place.</summary>
        public Tensor reciprocal_() => Mutate("reciprocal_", this);

        /// <summary>1 / √x.</summary>
        public Tensor rsqrt() => Call("rsqrt", this);

        /// <summary>1 / √x, in place.</summary>
        public Tensor rsqrt_() => Mutate("rsqrt_", this);

        /// <summary>1 / (1 + e⁻ˣ).</summary>
        public Tensor sigmoid() => Call("sigmoid", this);

        /// <summary>1 / (1 + e⁻ˣ), in place.</summary>
        public Tensor sigmoid_() => Mutate("sigmoid_", this);

        /// <summary>−1, 0 or 1 with the sign of x.</summary>
        public Tensor sign() => Call("sign", this);

        /// <summary>−1, 0 or 1 with the sign of x, in place.</summary>
        public Tensor sign_() => Mutate("sign_", this);

        /// <summary>sin x.</summary>
        public Tensor sin() => Call("sin", this);

        /// <summary>sin x, in place.</summary>
        public Tensor sin_() => Mutate("sin_", this);

        /// <summary>sinh x.</summary>
        public Tensor sinh() => Call("sinh", this);

        /// <summary>√x.</summary>
        public Tensor sqrt() => Call("sqrt", this);

        /// <summary>√x, in place.</summary>
        public Tensor sqrt_() => Mutate("sqrt_", this);

        /// <summary>x².</summary>
        public Tensor square() => Call("square", this);

        /// <summary>tan x.</summary>
        public Tensor tan() => Call("tan", this);

        /// <summary>tanh x.</summary>
        public Tensor tanh() => Call("tanh", this);

        /// <summary>tanh x, in place.</summary>
        public Tensor tanh_() => Mutate("tanh_", this);

        /// <summary>x without its fraction, towards 0.</summary>
        public Tensor trunc() => Call("trunc", this);

        /// <summary>x without its fraction, towards 0, in place.</summary>
        public Tensor trunc_() => Mutate("trunc_", this);

        /// <summary>x rounded half to even, to a number of decimals.</summary>
        public Tensor round(long decimals = 0) => Call("round.decimals", this, decimals);

        /// <summary>x rounded half to even, to a number of decimals, in place.</summary>
        public Tensor round_(long decimals = 0) => Mutate("round_.decimals", this, decimals);
    }
}
