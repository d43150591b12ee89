namespace TorchSharp;

public static partial class torch
{
    /// <summary>A tensor of a shape, its elements not set.</summary>
    public static Tensor empty(
        long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) =>
        Create("empty", size, dtype, device, requires_grad, names);

    /// <summary>A tensor of a shape, its elements not set.</summary>
    public static Tensor empty(
        ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) =>
        Create("empty", size.ToArray(), dtype, device, requires_grad, names);

    /// <summary>A tensor of a shape, its elements not set.</summary>
    public static Tensor empty(
        long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) =>
        Create("empty", [size], dtype, device, requires_grad, names);

    /// <summary>A tensor of a shape, its elements not set.</summary>
    public static Tensor empty(
        long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) =>
        Create("empty", [rows, columns], dtype, device, requires_grad, names);

    /// <summary>A tensor of a shape, its elements not set.</summary>
    public static Tensor empty(
        long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) =>
        Create("empty", [dim0, dim1, dim2], dtype, device, requires_grad, names);

    /// <summary>A tensor of a shape, its elements not set.</summary>
    public static Tensor empty(
        long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) =>
        Create("empty", [dim0, dim1, dim2, dim3], dtype, device, requires_grad, names);

    /// <summary>Zeros in a shape.</summary>
    public static Tensor zeros(
        long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) =>
        Create("zeros", size, dtype, device, requires_grad, names);

    /// <summary>Zeros in a shape.</summary>
    public static Tensor zeros(
        ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) =>
        Create("zeros", size.ToArray(), dtype, device, requires_grad, names);

    /// <summary>Zeros in a shape.</summary>
    public static Tensor zeros(
        long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) =>
        Create("zeros", [size], dtype, device, requires_grad, names);

    /// <summary>Zeros in a shape.</summary>
    public static Tensor zeros(
        long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) =>
        Create("zeros", [rows, columns], dtype, device, requires_grad, names);

    /// <summary>Zeros in a shape.</summary>
    public static Tensor zeros(
        long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) =>
        Create("zeros", [dim0, dim1, dim2], dtype, device, requires_grad, names);

    /// <summary>Zeros in a shape.</summary>
    public static Tensor zeros(
        long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) =>
        Create("zeros", [dim0, dim1, dim2, dim3], dtype, device, requires_grad, names);

    /// <summary>Ones in a shape.</summary>
    public static Tensor ones(
        long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) =>
        Create("ones", size, dtype, device, requires_grad, names);

    /// <summary>Ones in a shape.</summary>
    public static Tensor ones(
        ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) =>
        Create("ones", size.ToArray(), dtype, device, requires_grad, names);

    /// <summary>Ones in a shape.</summary>
    public static Tensor ones(
        long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) =>
        Create("ones", [size], dtype, device, requires_grad, names);

    /// <summary>Ones in a shape.</summary>
    public static Tensor ones(
        long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) =>
        Create("ones", [rows, columns], dtype, device, requires_grad, names);

    /// <summary>Ones in a shape.</summary>
    public static Tensor ones(
        long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) =>
        Create("ones", [dim0, dim1, dim2], dtype, device, requires_grad, names);

    /// <summary>Ones in a shape.</summary>
    public static Tensor ones(
        long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) =>
        Create("ones", [dim0, dim1, dim2, dim3], dtype, device, requires_grad, names);
}
