using AuditKit.Checks.Weights;
using MathNet.Numerics.LinearAlgebra;

namespace AuditKit.Tests.Checks.Weights;

public sealed class TridiagonalTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(17)]
    [InlineData(140)]
    public void Eigenvalues_of_a_random_symmetric_matrix_are_those_of_another_library(int n)
    {
        var random = CounterRandom.For(1, "matrix", n);
        var matrix = Matrix<double>.Build.Dense(n, n, (_, _) => random.NextNormal());
        matrix += matrix.Transpose();
        double[] expected = [.. matrix.Evd(Symmetricity.Symmetric).EigenValues.Select(value => value.Real).Order()];
        double[] actual = Tridiagonal.Of(matrix.ToRowArrays()).Eigenvalues();
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-11 * n));
    }

    [Fact]
    public void Equal_eigenvalues_zeros_and_diagonal_matrices_come_out()
    {
        Assert.Equal([-1, 2, 2, 5], Rounded([[2, 0, 0, 0], [0, 5, 0, 0], [0, 0, 2, 0], [0, 0, 0, -1]]));
        Assert.Equal([0, 0, 0], Rounded([[0, 0, 0], [0, 0, 0], [0, 0, 0]]));
        Assert.Equal([0, 0, 3], Rounded([[1, 1, 1], [1, 1, 1], [1, 1, 1]]));
        Assert.Equal([-1, 1], Rounded([[0, 1], [1, 0]]));

        static double[] Rounded(double[][] matrix) => [.. Tridiagonal.Of(matrix).Eigenvalues().Select(value => Math.Round(value, 12) + 0.0)];
    }

    [Fact]
    public void A_second_difference_has_the_eigenvalues_known_in_closed_form()
    {
        const int N = 30;
        var matrix = new Tridiagonal([.. Enumerable.Repeat(2.0, N)], [.. Enumerable.Repeat(-1.0, N - 1)]);
        double[] eigenvalues = matrix.Eigenvalues();
        for (int k = 1; k <= N; k++)
        {
            Assert.Equal(2 - (2 * Math.Cos(k * Math.PI / (N + 1))), eigenvalues[k - 1], 1e-14);
        }
    }
}
