using AuditKit.Training.Remedies.Sparse;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Remedies.Sparse;

public sealed class LogUniformDivergenceTests
{
    [Fact]
    public void The_divergence_is_the_exact_one_to_the_approximations_accuracy()
    {
        for (double logAlpha = -8; logAlpha <= 8; logAlpha += 0.5)
        {
            using DisposeScope scope = NewDisposeScope();
            double approximate = LogUniformDivergence.Of(tensor(logAlpha, ScalarType.Float64)).item<double>();
            Assert.Equal(Exact(logAlpha), approximate, 0.01);
        }
    }

    [Fact]
    public void The_divergences_gradient_is_its_difference_quotient()
    {
        using DisposeScope scope = NewDisposeScope();
        FiniteDifferences.AgreeWithAutograd(logAlpha => LogUniformDivergence.Of(logAlpha), linspace(-7.5, 7.5, 9, ScalarType.Float64));
    }

    // More than two chunks, the last of them and its last vector not full; means of 0, and log α beyond either bound.
    [Fact]
    public void In_one_pass_it_and_its_gradients_are_libtorchs()
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(1);
        Tensor means = randn(181, 183) * randint(0, 2, [181, 183]) * 0.3;
        Tensor logVariances = (6 * randn(181, 183)) - 4;

        (double value, Tensor byMean, Tensor byVariance) = Differentiated(means, logVariances, LogUniformDivergence.Of);
        (double expected, Tensor expectedByMean, Tensor expectedByVariance) = Differentiated(
            means.to(ScalarType.Float64), logVariances.to(ScalarType.Float64),
            (m, v) => LogUniformDivergence.Of(LogUniformDivergence.LogAlpha(m, v)));

        Assert.Equal(expected, value, 1e-5 * Math.Abs(expected));
        AssertClose(expectedByMean, byMean);
        AssertClose(expectedByVariance, byVariance);
    }

    [Fact]
    public void In_one_pass_it_does_not_depend_on_the_number_of_threads_or_the_layout()
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(2);
        Tensor means = randn(64, 32, 5, 5) * 0.1;
        Tensor logVariances = randn(64, 32, 5, 5) - 5;
        int threads = get_num_threads();
        (double value, Tensor byMean, Tensor byVariance) = Differentiated(means, logVariances, LogUniformDivergence.Of);
        try
        {
            set_num_threads(1);
            (double alone, Tensor byMeanAlone, Tensor byVarianceAlone) = Differentiated(means, logVariances, LogUniformDivergence.Of);
            Assert.Equal(value, alone);
            Assert.Equal(byMean.data<float>(), byMeanAlone.data<float>());
            Assert.Equal(byVariance.data<float>(), byVarianceAlone.data<float>());
        }
        finally
        {
            set_num_threads(threads);
        }

        (double turned, Tensor byMeanTurned, _) = Differentiated(
            means.permute(3, 2, 1, 0), logVariances.permute(3, 2, 1, 0).contiguous(), LogUniformDivergence.Of);
        Assert.Equal(value, turned, 1e-5 * Math.Abs(value));
        AssertClose(byMean.to(ScalarType.Float64).permute(3, 2, 1, 0), byMeanTurned);
    }

    private static (double Value, Tensor ByMean, Tensor ByVariance) Differentiated(
        Tensor means, Tensor logVariances, Func<Tensor, Tensor, Tensor> divergence)
    {
        Tensor m = means.detach().requires_grad_(), v = logVariances.detach().requires_grad_();
        Tensor value = 0.5 * divergence(m, v);
        value.backward();
        return (value.to(ScalarType.Float64).item<double>(), m.grad!, v.grad!);
    }

    private static void AssertClose(Tensor expected, Tensor actual)
        => Assert.InRange(((actual - expected).abs() / (expected.abs() + 1e-3)).max().item<double>(), 0, 1e-3);

    // −KL = ½·log α − E log|ε|, ε ~ N(1, α), by the midpoint rule, up to the constant that makes it 0 for α = ∞.
    private static double Exact(double logAlpha)
    {
        const int Points = 200_000;
        const double Range = 10, EulerGamma = 0.5772156649015329;
        double sum = 0, root = Math.Exp(logAlpha / 2), step = 2 * Range / Points;
        for (int i = 0; i < Points; i++)
        {
            double z = -Range + ((i + 0.5) * step);
            sum += Math.Exp(-z * z / 2) * Math.Log(Math.Max(1e-300, Math.Abs(1 + (root * z)))) * step;
        }

        return (sum / Math.Sqrt(2 * Math.PI)) - (logAlpha / 2) + ((EulerGamma + Math.Log(2)) / 2);
    }
}
