using AuditKit.Checks.Weights;

namespace AuditKit.Tests.Checks.Weights;

public sealed class BandedCholeskyTests
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(5, 9)]
    [InlineData(90, 0)]
    [InlineData(131, 1)]
    [InlineData(150, 2)]
    [InlineData(203, 37)]
    [InlineData(260, 101)]
    [InlineData(140, 139)]
    public void The_factor_times_its_transpose_is_the_matrix_and_solving_undoes_multiplying(int side, int band)
    {
        (BandedCholesky factor, double[][] matrix) = Positive(side, band);
        Assert.True(factor.Factor(2, CancellationToken.None));
        double[] x = [.. Enumerable.Range(0, side).Select(i => Math.Cos(i * i))];
        double[] product = [.. matrix.Select(row => row.Zip(x, (a, b) => a * b).Sum())];
        double[] solution = new double[side];
        factor.Solve(product, solution);
        for (int i = 0; i < side; i++)
        {
            Assert.Equal(x[i], solution[i], 1e-9);
            for (int j = Math.Max(0, i - band); j <= i; j++)
            {
                double sum = Enumerable.Range(Math.Max(0, i - factor.Band), j + 1 - Math.Max(0, i - factor.Band)).Where(k => k >= j - factor.Band)
                    .Sum(k => factor[i, k] * factor[j, k]);
                Assert.Equal(matrix[i][j], sum, 1e-10);
            }
        }
    }

    [Fact]
    public void The_factor_does_not_depend_on_the_threads()
    {
        BandedCholesky one = Positive(300, 80).Factor, many = Positive(300, 80).Factor;
        Assert.True(one.Factor(1, CancellationToken.None) && many.Factor(7, CancellationToken.None));
        for (int i = 0; i < 300; i++)
        {
            for (int j = Math.Max(0, i - 80); j <= i; j++)
            {
                Assert.Equal(one[i, j], many[i, j]);
            }
        }
    }

    [Fact]
    public void A_singular_matrix_has_no_factor()
    {
        // Of rank 1; and one that is not positive.
        var singular = new BandedCholesky(2, 1) { [0, 0] = 1, [1, 0] = 2, [1, 1] = 4 };
        Assert.False(singular.Factor(1, CancellationToken.None));
        var negative = new BandedCholesky(2, 1) { [0, 0] = 1, [1, 0] = 2, [1, 1] = 3 };
        Assert.False(negative.Factor(1, CancellationToken.None));
        Assert.False(new BandedCholesky(3, 1).Factor(1, CancellationToken.None));
    }

    /// <summary>A diagonally dominant matrix, for the factor and as rows.</summary>
    private static (BandedCholesky Factor, double[][] Matrix) Positive(int side, int band)
    {
        var random = CounterRandom.For(5, "banded", side);
        var factor = new BandedCholesky(side, band);
        double[][] matrix = [.. Enumerable.Range(0, side).Select(_ => new double[side])];
        for (int i = 0; i < side; i++)
        {
            for (int j = Math.Max(0, i - band); j <= i; j++)
            {
                double value = i == j ? 2 + (0.9 * band) : random.NextNormal() / 2;
                factor[i, j] = matrix[i][j] = matrix[j][i] = value;
            }
        }

        return (factor, matrix);
    }
}
