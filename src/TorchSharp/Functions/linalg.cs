using static TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Linear algebra.</summary>
    public static partial class linalg
    {
        /// <summary>The lower triangular factor L of a positive definite matrix L·Lᵀ.</summary>
        public static Tensor cholesky(Tensor input) => Call("linalg_cholesky", input);

        /// <summary>The determinants of square matrices.</summary>
        public static Tensor det(Tensor input) => Call("linalg_det", input);

        /// <summary>The eigenvalues, ascending, and eigenvectors of a symmetric matrix.</summary>
        public static (Tensor, Tensor) eigh(Tensor input, char UPLO = 'L') =>
            Call2("linalg_eigh", input, UPLO.ToString());

        /// <summary>The eigenvalues, ascending, of a symmetric matrix.</summary>
        public static Tensor eigvalsh(Tensor input, char UPLO = 'L') => Call("linalg_eigvalsh", input, UPLO.ToString());

        /// <summary>The inverses of square matrices.</summary>
        public static Tensor inv(Tensor input) => Call("linalg_inv", input);

        /// <summary>The matrix norm of an order.</summary>
        public static Tensor matrix_norm(Tensor input, double ord, long[]? dims = null, bool keepdim = false) =>
            Call("linalg_matrix_norm", input, ord, dims ?? [-2L, -1L], keepdim);

        /// <summary>The norm of a vector or matrix of an order.</summary>
        public static Tensor norm(Tensor input, double ord, long[]? dims = null, bool keepdim = false) =>
            Call("linalg_norm", input, ord, dims, keepdim);

        /// <summary>An orthogonal matrix and an upper triangular one, whose product is the input.</summary>
        public static (Tensor Q, Tensor R) qr(Tensor input, QRMode mode = QRMode.Reduced) =>
            Call2("linalg_qr", input, Name(mode));

        /// <summary>The solution X of A·X = B, or of X·A = B.</summary>
        public static Tensor solve(Tensor A, Tensor B, bool left = true) => Call("linalg_solve", A, B, left);

        /// <summary>The singular value decomposition U·diag(S)·Vh.</summary>
        public static (Tensor U, Tensor S, Tensor Vh) svd(Tensor input, bool fullMatrices = true) =>
            Call3("linalg_svd", input, fullMatrices);

        /// <summary>The singular values, descending.</summary>
        public static Tensor svdvals(Tensor input) => Call("linalg_svdvals", input);

        /// <summary>The norms of vectors.</summary>
        public static Tensor vector_norm(Tensor input, double ord = 2, long[]? dims = null, bool keepdim = false) =>
            Call("linalg_vector_norm", input, ord, dims, keepdim);
    }
}
