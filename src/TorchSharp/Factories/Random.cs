using static TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Draws from the uniform distribution on [0, 1).</summary>
    public static Tensor rand(
        long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        Generator? generator = null, string[]? names = null) =>
        Draw("rand.generator", size, generator, dtype, device, requires_grad, names);

    /// <summary>Draws from the uniform distribution on [0, 1).</summary>
    public static Tensor rand(
        ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        Generator? generator = null, string[]? names = null) =>
        Draw("rand.generator", size.ToArray(), generator, dtype, device, requires_grad, names);

    /// <summary>Draws from the uniform distribution on [0, 1).</summary>
    public static Tensor rand(
        long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        Generator? generator = null, string[]? names = null) =>
        Draw("rand.generator", [size], generator, dtype, device, requires_grad, names);

    /// <summary>Draws from the uniform distribution on [0, 1).</summary>
    public static Tensor rand(
        long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        Generator? generator = null, string[]? names = null) =>
        Draw("rand.generator", [rows, columns], generator, dtype, device, requires_grad, names);

    /// <summary>Draws from the uniform distribution on [0, 1).</summary>
    public static Tensor rand(
        long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        Generator? generator = null, string[]? names = null) =>
        Draw("rand.generator", [dim0, dim1, dim2], generator, dtype, device, requires_grad, names);

    /// <summary>Draws from the uniform distribution on [0, 1).</summary>
    public static Tensor rand(
        long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Draw("rand.generator", [dim0, dim1, dim2, dim3], generator, dtype, device, requires_grad, names);

    /// <summary>Draws from the standard normal distribution.</summary>
    public static Tensor randn(
        long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        Generator? generator = null, string[]? names = null) =>
        Draw("randn.generator", size, generator, dtype, device, requires_grad, names);

    /// <summary>Draws from the standard normal distribution.</summary>
    public static Tensor randn(
        ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        Generator? generator = null, string[]? names = null) =>
        Draw("randn.generator", size.ToArray(), generator, dtype, device, requires_grad, names);

    /// <summary>Draws from the standard normal distribution.</summary>
    public static Tensor randn(
        long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        Generator? generator = null, string[]? names = null) =>
        Draw("randn.generator", [size], generator, dtype, device, requires_grad, names);

    /// <summary>Draws from the standard normal distribution.</summary>
    public static Tensor randn(
        long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        Generator? generator = null, string[]? names = null) =>
        Draw("randn.generator", [rows, columns], generator, dtype, device, requires_grad, names);

    /// <summary>Draws from the standard normal distribution.</summary>
    public static Tensor randn(
        long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        Generator? generator = null, string[]? names = null) =>
        Draw("randn.generator", [dim0, dim1, dim2], generator, dtype, device, requires_grad, names);

    /// <summary>Draws from the standard normal distribution.</summary>
    public static Tensor randn(
        long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Draw("randn.generator", [dim0, dim1, dim2, dim3], generator, dtype, device, requires_grad, names);

    /// <summary>Draws of integers, equally likely, from [0, high).</summary>
    public static Tensor randint(
        long high, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        Generator? generator = null, string[]? names = null) =>
        randint(0, high, size, dtype, device, requires_grad, generator, names);

    /// <summary>Draws of integers, equally likely, from [low, high).</summary>
    public static Tensor randint(
        long low, long high, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        Generator? generator = null, string[]? names = null) =>
        Finish(
            Call("randint.low_generator", low, high, size, generator, dtype ?? ScalarType.Int64, default, device),
            requires_grad, names);

    /// <summary>The integers from 0 to n − 1 in a random order.</summary>
    public static Tensor randperm(
        long n, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        Generator? generator = null) =>
        Finish(Call("randperm.generator", n, generator, dtype ?? ScalarType.Int64, default, device), requires_grad);

    /// <summary>Draws from the uniform distribution on [0, 1), in the same shape.</summary>
    public static Tensor rand_like(
        Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Finish(Call("rand_like", input, dtype, default, device), requires_grad);

    /// <summary>Draws from the standard normal distribution, in the same shape.</summary>
    public static Tensor randn_like(
        Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Finish(Call("randn_like", input, dtype, default, device), requires_grad);

    /// <summary>Draws 1 with the probability that each element is, else 0.</summary>
    public static Tensor bernoulli(Tensor input, Generator? generator = null) => input.bernoulli(generator);

    /// <summary>Draws indices by the weights in every row.</summary>
    public static Tensor multinomial(
        Tensor input, long num_samples, bool replacement = false, Generator? generator = null) =>
        input.multinomial(num_samples, replacement, generator);
}
