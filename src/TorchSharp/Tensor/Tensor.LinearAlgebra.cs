using static TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The matrix product; over the last two dimensions of more.</summary>
        public Tensor matmul(Tensor target) => Call("matmul", this, target);

        /// <summary>The product of two matrices.</summary>
        public Tensor mm(Tensor target) => Call("mm", this, target);

        /// <summary>The products of two batches of matrices.</summary>
        public Tensor bmm(Tensor batch2) => Call("bmm", this, batch2);

        /// <summary>The product of a matrix and a vector.</summary>
        public Tensor mv(Tensor target) => Call("mv", this, target);

        /// <summary>The inner product of two vectors.</summary>
        public Tensor dot(Tensor target) => Call("dot", this, target);

        /// <summary>The products of every element of one vector with every element of the other.</summary>
        public Tensor outer(Tensor vec2) => Call("outer", this, vec2);

        /// <summary>β · this + α · mat1 · mat2.</summary>
        public Tensor addmm(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) =>
            Call("addmm", this, mat1, mat2, beta, alpha);

        /// <summary>β · this + α · batch1 · batch2, matrix by matrix.</summary>
        public Tensor baddbmm(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) =>
            Call("baddbmm", this, batch1, batch2, beta, alpha);

        /// <summary>The sum of a matrix's diagonal.</summary>
        public Tensor trace() => Call("trace", this);

        /// <summary>The determinants of square matrices.</summary>
        public Tensor det() => Call("det", this);

        /// <summary>The inverses of square matrices.</summary>
        public Tensor inverse() => Call("inverse", this);
    }
}
