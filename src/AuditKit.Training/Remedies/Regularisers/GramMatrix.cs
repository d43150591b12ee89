using AuditKit.Training.Libtorch;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.Regularisers;

/// <summary>G = XXᵀ for what treats G's entries ij and ji alike.</summary>
internal static class GramMatrix
{
    /// <summary>
    /// The products of all pairs of rows. With ∂L/∂G symmetric, ∂L/∂X = 2·∂L/∂G·X: both factors get the same gradient, so
    /// that it is computed once, and doubled.
    /// </summary>
    /// <param name="vectors">…×m×n rows.</param>
    /// <returns>…×m×m; its gradient is right for symmetric ∂L/∂G alone.</returns>
    public static Tensor Of(Tensor vectors)
    {
        Tensor product = MatrixProduct.Of(vectors, vectors.detach().transpose(-2, -1));
        return (2 * product) - product.detach();
    }
}
