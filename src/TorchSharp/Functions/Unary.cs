
namespace TorchSharp;

public static partial class torch
{
    /// <summary>|x|.</summary>
    public static Tensor abs(Tensor input) => input.abs();

    /// <summary>arccos x.</summary>
    public static Tensor acos(Tensor input) => input.acos();

    /// <summary>arcosh x.</summary>
    public static Tensor acosh(Tensor input) => input.acosh();

    /// <summary>arcsin x.</summary>
    public static Tensor asin(Tensor input) => input.asin();

    /// <summary>arsinh x.</summary>
    public static Tensor asinh(Tensor input) => input.asinh();

    /// <summary>arctan x.</summary>
    public static Tensor atan(Tensor input) => input.atan();

    /// <summary>artanh x.</summary>
    public static Tensor atanh(Tensor input) => input.atanh();

    /// <summary>The bits, or truth values, inverted.</summary>
    public static Tensor bitwise_not(Tensor input) => input.bitwise_not();

    /// <summary>The next integer at or above x.</summary>
    public static Tensor ceil(Tensor input) => input.ceil();

    /// <summary>cos x.</summary>
    public static Tensor cos(Tensor input) => input.cos();

    /// <summary>cosh x.</summary>
    public static Tensor cosh(Tensor input) => input.cosh();

    /// <summary>The derivative of log Γ(x).</summary>
    public static Tensor digamma(Tensor input) => input.digamma();

    /// <summary>The error function of x.</summary>
    public static Tensor erf(Tensor input) => input.erf();

    /// <summary>1 − erf x.</summary>
    public static Tensor erfc(Tensor input) => input.erfc();

    /// <summary>The inverse of the error function.</summary>
    public static Tensor erfinv(Tensor input) => input.erfinv();

    /// <summary>eˣ.</summary>
    public static Tensor exp(Tensor input) => input.exp();

    /// <summary>2ˣ.</summary>
    public static Tensor exp2(Tensor input) => input.exp2();

    /// <summary>eˣ − 1, exact for small x.</summary>
    public static Tensor expm1(Tensor input) => input.expm1();

    /// <summary>The next integer at or below x.</summary>
    public static Tensor floor(Tensor input) => input.floor();

    /// <summary>x without its integer part.</summary>
    public static Tensor frac(Tensor input) => input.frac();

    /// <summary>Where x is neither infinite nor NaN.</summary>
    public static Tensor isfinite(Tensor tensor) => tensor.isfinite();

    /// <summary>Where x is infinite.</summary>
    public static Tensor isinf(Tensor tensor) => tensor.isinf();

    /// <summary>Where x is NaN.</summary>
    public static Tensor isnan(Tensor input) => input.isnan();

    /// <summary>log |Γ(x)|.</summary>
    public static Tensor lgamma(Tensor input) => input.lgamma();

    /// <summary>The natural logarithm.</summary>
    public static Tensor log(Tensor input) => input.log();

    /// <summary>The logarithm to base 10.</summary>
    public static Tensor log10(Tensor input) => input.log10();

    /// <summary>log(1 + x), exact for small x.</summary>
    public static Tensor log1p(Tensor input) => input.log1p();

    /// <summary>The logarithm to base 2.</summary>
    public static Tensor log2(Tensor input) => input.log2();

    /// <summary>Where x is 0.</summary>
    public static Tensor logical_not(Tensor input) => input.logical_not();

    /// <summary>−x.</summary>
    public static Tensor neg(Tensor input) => input.neg();

    /// <summary>1 / x.</summary>
    public static Tensor reciprocal(Tensor input) => input.reciprocal();

    /// <summary>1 / √x.</summary>
    public static Tensor rsqrt(Tensor input) => input.rsqrt();

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    public static Tensor sigmoid(Tensor input) => input.sigmoid();

    /// <summary>−1, 0 or 1 with the sign of x.</summary>
    public static Tensor sign(Tensor input) => input.sign();

    /// <summary>sin x.</summary>
    public static Tensor sin(Tensor input) => input.sin();

    /// <summary>sinh x.</summary>
    public static Tensor sinh(Tensor input) => input.sinh();

    /// <summary>√x.</summary>
    public static Tensor sqrt(Tensor input) => input.sqrt();

    /// <summary>x².</summary>
    public static Tensor square(Tensor input) => input.square();

    /// <summary>tan x.</summary>
    public static Tensor tan(Tensor input) => input.tan();

    /// <summary>tanh x.</summary>
    public static Tensor tanh(Tensor input) => input.tanh();

    /// <summary>x without its fraction, towards 0.</summary>
    public static Tensor trunc(Tensor input) => input.trunc();

    /// <summary>x rounded half to even, to a number of decimals.</summary>
    public static Tensor round(Tensor input, long decimals = 0) => input.round(decimals);
}
