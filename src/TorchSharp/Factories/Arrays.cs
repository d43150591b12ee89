
namespace TorchSharp;

public static partial class torch
{
    /// <summary>A vector of truth values, copied.</summary>
    public static Tensor tensor(
        bool[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) =>
        Copy<bool>(rawArray, [rawArray.Length], dtype, device, requires_grad, names);

    /// <summary>An array of truth values in row-major order, copied.</summary>
    public static Tensor tensor(
        bool[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) =>
        Copy<bool>(rawArray, dimensions, dtype, device, requires_grad, names);

    /// <summary>A vector of truth values, copied.</summary>
    public static Tensor tensor(
        IList<bool> rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) =>
        Copy<bool>([.. rawArray], [rawArray.Count], dtype, device, requires_grad, names);

    /// <summary>An array of truth values in row-major order, copied.</summary>
    public static Tensor tensor(
        IList<bool> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) =>
        Copy<bool>([.. rawArray], dimensions, dtype, device, requires_grad, names);

    /// <summary>A matrix of truth values, copied.</summary>
    public static Tensor tensor(
        bool[,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) =>
        from_array(rawArray, dtype, device, requires_grad, names);

    /// <summary>A vector of integers, copied.</summary>
    public static Tensor tensor(
        byte[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) =>
        Copy<byte>(rawArray, [rawArray.Length], dtype, device, requires_grad, names);

    /// <summary>An array of integers in row-major order, copied.</summary>
    public static Tensor tensor(
        byte[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) =>
        Copy<byte>(rawArray, dimensions, dtype, device, requires_grad, names);

    /// <summary>A vector of integers, copied.</summary>
    public static Tensor tensor(
        IList<byte> rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) =>
        Copy<byte>([.. rawArray], [rawArray.Count], dtype, device, requires_grad, names);

    /// <summary>An array of integers in row-major order, copied.</summary>
    public static Tensor tensor(
        IList<byte> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) =>
        Copy<byte>([.. rawArray], dimensions, dtype, device, requires_grad, names);

    /// <summary>A matrix of integers, copied.</summary>
    public static Tensor tensor(
        byte[,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) =>
        from_array(rawArray, dtype, device, requires_grad, names);

    /// <summary>An array of integers in row-major order, copied.</summary>
    public static Tensor tensor(
        Memory<byte> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) =>
        Copy<byte>(rawArray.Span, dimensions, dtype, device, requires_grad, names);

    /// <summary>A vector of integers, copied.</summary>
    public static Tensor tensor(
        int[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) =>
        Copy<int>(rawArray, [rawArray.Length], dtype, device, requires_grad, names);

    /// <summary>An array of integers in row-major order, copied.</summary>
    public static Tensor tensor(
        int[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) =>
        Copy<int>(rawArray, dimensions, dtype, device, requires_grad, names);

    /// <summary>A vector of integers, copied.</summary>
    public static Tensor tensor(
        IList<int> rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) =>
        Copy<int>([.. rawArray], [rawArray.Count], dtype, device, requires_grad, names);

    /// <summary>An array of integers in row-major order, copied.</summary>
    public static Tensor tensor(
        IList<int> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) =>
        Copy<int>([.. rawArray], dimensions, dtype, device, requires_grad, names);

    /// <summary>A matrix of integers, copied.</summary>
    public static Tensor tensor(
        int[,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) =>
        from_array(rawArray, dtype, device, requires_grad, names);

    /// <summary>An array of integers in row-major order, copied.</summary>
    public static Tensor tensor(
        Memory<int> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) =>
        Copy<int>(rawArray.Span, dimensions, dtype, device, requires_grad, names);

    /// <summary>A vector of integers, copied.</summary>
    public static Tensor tensor(
        long[] dataArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) =>
        Copy<long>(dataArray, [dataArray.Length], dtype, device, requires_grad, names);

    /// <summary>An array of integers in row-major order, copied.</summary>
    public static Tensor tensor(
        long[] dataArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) =>
        Copy<long>(dataArray, dimensions, dtype, device, requires_grad, names);

    /// <summary>A vector of integers, copied.</summary>
    public static Tensor tensor(
        IList<long> rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) =>
        Copy<long>([.. rawArray], [rawArray.Count], dtype, device, requires_grad, names);

    /// <summary>An array of integers in row-major order, copied.</summary>
    public static Tensor tensor(
        IList<long> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) =>
        Copy<long>([.. rawArray], dimensions, dtype, device, requires_grad, names);

    /// <summary>A matrix of integers, copied.</summary>
    public static Tensor tensor(
        long[,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) =>
        from_array(rawArray, dtype, device, requires_grad, names);

    /// <summary>An array of integers in row-major order, copied.</summary>
    public static Tensor tensor(
        Memory<long> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) =>
        Copy<long>(rawArray.Span, dimensions, dtype, device, requires_grad, names);

    /// <summary>A vector of real numbers, copied.</summary>
    public static Tensor tensor(
        float[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) =>
        Copy<float>(rawArray, [rawArray.Length], dtype, device, requires_grad, names);

    /// <summary>An array of real numbers in row-major order, copied.</summary>
    public static Tensor tensor(
        float[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) =>
        Copy<float>(rawArray, dimensions, dtype, device, requires_grad, names);

    /// <summary>A vector of real numbers, copied.</summary>
    public static Tensor tensor(
        IList<float> rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) =>
        Copy<float>([.. rawArray], [rawArray.Count], dtype, device, requires_grad, names);

    /// <summary>An array of real numbers in row-major order, copied.</summary>
    public static Tensor tensor(
        IList<float> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) =>
        Copy<float>([.. rawArray], dimensions, dtype, device, requires_grad, names);

    /// <summary>A matrix of real numbers, copied.</summary>
    public static Tensor tensor(
        float[,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) =>
        from_array(rawArray, dtype, device, requires_grad, names);

    /// <summary>An array of real numbers in row-major order, copied.</summary>
    public static Tensor tensor(
        Memory<float> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) =>
        Copy<float>(rawArray.Span, dimensions, dtype, device, requires_grad, names);

    /// <summary>A vector of real numbers, copied.</summary>
    public static Tensor tensor(
        double[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) =>
        Copy<double>(rawArray, [rawArray.Length], dtype, device, requires_grad, names);

    /// <summary>An array of real numbers in row-major order, copied.</summary>
    public static Tensor tensor(
        double[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) =>
        Copy<double>(rawArray, dimensions, dtype, device, requires_grad, names);

    /// <summary>A vector of real numbers, copied.</summary>
    public static Tensor tensor(
        IList<double> rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) =>
        Copy<double>([.. rawArray], [rawArray.Count], dtype, device, requires_grad, names);

    /// <summary>A matrix of real numbers, copied.</summary>
    public static Tensor tensor(
        double[,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) =>
        from_array(rawArray, dtype, device, requires_grad, names);

    /// <summary>An array of real numbers in row-major order, copied.</summary>
    public static Tensor tensor(
        Memory<double> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) =>
        Copy<double>(rawArray.Span, dimensions, dtype, device, requires_grad, names);
}
