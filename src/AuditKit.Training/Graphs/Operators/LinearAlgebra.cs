using AuditKit.Training.Libtorch;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace AuditKit.Training.Graphs.Operators;

/// <summary>Matrix products.</summary>
internal static class LinearAlgebra
{
    public static void Register(OperatorTable table)
    {
        table.Add("Gemm", new Operator(c => [Gemm(c)]) { Multiplies = true });
        table.Add("MatMul", new Operator(c => [MatrixProduct.Of(c.X, c.Input(1))]) { Multiplies = true });
        table.Add("Einsum", c => torch.einsum(
            c.Text("equation", "").Replace(" ", "", StringComparison.Ordinal), [.. c.Inputs]));
    }

    private static Tensor Gemm(NodeContext c)
    {
        (Tensor a, Tensor b, Tensor? bias) = (c.X, c.Input(1), c.Optional(2));
        (float alpha, float beta) = (c.Float("alpha", 1f), c.Float("beta", 1f));
        a = c.Flag("transA") ? a.t() : a;
        if (alpha == 1 && beta == 1 && c.Flag("transB") && bias is null or { ndim: 1 })
        {
            return F.linear(a, b, bias);
        }

        Tensor product = MatrixProduct.Of(a, c.Flag("transB") ? b.t() : b);
        product = alpha == 1 ? product : product.mul(alpha);
        return bias is null ? product : product.add(beta == 1 ? bias : bias.mul(beta));
    }
}
