using static TorchSharp.torch;

namespace AuditKit.Training.Libtorch;

/// <summary>
/// Matrix products. TorchSharp's <c>matmul</c> lets libtorch's exceptions end the process, so what libtorch would refuse
/// is refused before.
/// </summary>
internal static class MatrixProduct
{
    /// <summary>a·b as numpy.matmul defines it: batches are broadcast, a vector is a row on the left and a column on the right.</summary>
    /// <exception cref="ArgumentException">The shapes or types do not fit.</exception>
    public static Tensor Of(Tensor a, Tensor b)
    {
        bool fits = a.ndim > 0 && b.ndim > 0 && a.dtype == b.dtype && a.shape[^1] == (b.ndim == 1 ? b.shape[0] : b.shape[^2])
            && a.shape.SkipLast(2).Reverse().Zip(b.shape.SkipLast(2).Reverse()).All(pair => pair.First == pair.Second || pair.First == 1 || pair.Second == 1);
        return fits ? a.matmul(b)
            : throw new ArgumentException($"matrices of {string.Join("×", a.shape)} ({a.dtype}) and {string.Join("×", b.shape)} "
                + $"({b.dtype}) cannot be multiplied");
    }
}
