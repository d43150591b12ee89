using AuditKit.Training.Remedies.WeightPrior;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Remedies.WeightPrior;

public sealed class NormalKernelsTests
{
    private const int Size = 4;

    [Fact]
    public void Its_density_is_that_of_the_textbook()
    {
        using DisposeScope scope = NewDisposeScope();
        (double[][] kernels, NormalKernels normal) = Some();
        Vector<double> mean = Mean(kernels);
        Matrix<double> covariance = Regular(Covariance(kernels, mean));
        double[] densities = [.. normal.LogDensity(Table(kernels)).data<double>()];
        Assert.All(kernels.Zip(densities), pair =>
        {
            Vector<double> distance = DenseVector.OfArray(pair.First) - mean;
            double expected = -0.5 * ((distance * covariance.Inverse() * distance) + Math.Log(covariance.Determinant()) + (Size * Math.Log(2 * Math.PI)));
            Assert.Equal(expected, pair.Second, 1e-4);
        });
    }

    [Fact]
    public void Its_divergence_is_that_of_the_textbook()
    {
        using DisposeScope scope = NewDisposeScope();
        (double[][] kernels, NormalKernels normal) = Some();
        Vector<double> mean = Mean(kernels);
        Matrix<double> covariance = Regular(Covariance(kernels, mean));
        double[] mu = [0.2, -0.3, 0.1, 0.4], logVariance = [-1, -4, -0.5, -2];
        Vector<double> distance = DenseVector.OfArray(mu) - mean;
        Matrix<double> own = DiagonalMatrix.OfDiagonal(Size, Size, logVariance.Select(Math.Exp));
        double expected = 0.5 * ((covariance.Inverse() * own).Trace() + (distance * covariance.Inverse() * distance) - Size
            + Math.Log(covariance.Determinant() / own.Determinant()));

        Assert.Equal(expected, normal.Divergence(Table(mu), Table(logVariance)).item<double>(), 1e-4 * Math.Abs(expected));
        FiniteDifferences.AgreeWithAutograd(means => normal.Divergence(means, Table(logVariance)).sum(), Table(mu));
        FiniteDifferences.AgreeWithAutograd(variances => normal.Divergence(Table(mu), variances).sum(), Table(logVariance));
    }

    [Fact]
    public void It_is_no_further_from_itself_than_nothing_and_its_draws_have_its_moments()
    {
        using DisposeScope scope = NewDisposeScope();
        (double[][] kernels, NormalKernels normal) = Some();
        double[] noise = new double[20_000 * Size];
        CounterRandom random = CounterRandom.For(1, "tests", 0);
        Array.ForEach([.. Enumerable.Range(0, noise.Length)], i => noise[i] = random.NextNormal());
        double[][] drawn = [.. normal.Draw(tensor(noise, [noise.Length / Size, Size])).data<double>().ToArray().Chunk(Size)];

        Matrix<double> covariance = Covariance(kernels, Mean(kernels));
        Assert.True((Covariance(drawn, Mean(drawn)) - covariance).FrobeniusNorm() < 0.05 * covariance.FrobeniusNorm());
        Assert.True((Mean(drawn) - Mean(kernels)).L2Norm() < 0.03);
    }

    [Fact]
    public void Too_few_kernels_or_equal_ones_are_refused()
    {
        using DisposeScope scope = NewDisposeScope();
        Assert.Contains("conv: 4 kernels are too few for the covariance of their 4 numbers", Refused(rand(4, 4)));
        Assert.Contains("conv: all source kernels are the same", Refused(ones(9, 4)));
    }

    private static string Refused(Tensor kernels) => Assert.Throws<AuditException>(() => NormalKernels.Of(kernels, "conv")).Message;

    private static (double[][] Kernels, NormalKernels Normal) Some()
    {
        CounterRandom random = CounterRandom.For(7, "tests", 0);
        double[][] kernels =
        [
            .. Enumerable.Range(0, 40).Select(_ =>
            {
                (double a, double b) = (random.NextNormal(), random.NextNormal());
                return new[] { 0.3 + a, a + (0.4 * b), b - (0.2 * random.NextNormal()), (0.3 * random.NextNormal()) + b };
            }),
        ];
        return (kernels, NormalKernels.Of(Table(kernels), "conv"));
    }

    private static Tensor Table(params double[][] rows) => tensor([.. rows.SelectMany(row => row)], [rows.Length, Size]);

    private static Vector<double> Mean(double[][] kernels)
        => DenseVector.OfEnumerable(Enumerable.Range(0, Size).Select(i => kernels.Average(kernel => kernel[i])));

    private static Matrix<double> Regular(Matrix<double> covariance)
        => covariance + (NormalKernels.Ridge * covariance.Trace() / Size * DenseMatrix.CreateIdentity(Size));

    private static Matrix<double> Covariance(double[][] kernels, Vector<double> mean) => DenseMatrix.Create(
        Size, Size, (i, j) => kernels.Average(kernel => (kernel[i] - mean[i]) * (kernel[j] - mean[j])));
}
