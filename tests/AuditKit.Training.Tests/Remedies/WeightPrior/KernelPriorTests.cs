using AuditKit.Training.Remedies.WeightPrior;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Remedies.WeightPrior;

public sealed class KernelPriorTests
{
    /// <summary>A kernel of one number and a code of one: the divergence from q to the implicit prior is a double integral.</summary>
    [Theory]
    [InlineData(0.5, -2)]
    [InlineData(-0.3, -5)]
    [InlineData(1.5, 0)]
    public void The_deep_priors_bound_is_above_the_exact_divergence(double mu, double logVariance)
    {
        const int Draws = 20_000;
        using DisposeScope scope = NewDisposeScope();
        using IDisposable gradients = no_grad();
        using var vae = new KernelVae(KernelVae.Build(1, hidden: 4, code: 1, scale: 0.8, seed: 11));
        double[] codes = [.. Enumerable.Range(-300, 601).Select(i => i / 50.0)];
        (Tensor mean, Tensor variance) = vae.Decode(tensor([.. codes.Select(z => (float)z)], [codes.Length, 1]));
        (float[] means, float[] variances) = ([.. mean.data<float>()], [.. variance.data<float>()]);
        double sigma = Math.Exp(logVariance / 2), exact = 0;
        for (int i = -400; i <= 400; i++)
        {
            double w = mu + (sigma * i / 50), q = Normal(w, mu, sigma * sigma);
            double p = codes.Select((z, j) => Normal(z, 0, 1) * Normal(w, means[j], variances[j]) / 50).Sum();
            exact += sigma / 50 * q * Math.Log(q / p);
        }

        manual_seed(1);
        Tensor mus = full(Draws, 1, mu), logVariances = full(Draws, 1, logVariance);
        double bound = new DeepPrior(vae).Divergence(mus, logVariances, mus + (sigma * randn_like(mus))).item<float>() / Draws;

        Assert.True(exact > 0);
        Assert.True(bound > exact - 0.03, $"{bound} is below {exact}");
        // The gap is KL(r(z|w) ‖ p(z|w)): of an encoder that is not trained, but not without end.
        Assert.InRange(bound, exact - 0.03, exact + 20);
    }

    [Fact]
    public void The_deep_priors_bound_is_the_autoencoders_without_the_entropies_of_the_weights()
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable gradients = no_grad();
        using var vae = new KernelVae(KernelVae.Build(4, hidden: 5, code: 2, scale: 0.8, seed: 11));
        manual_seed(1);
        Tensor mean = randn(6, 4), logVariance = randn(6, 4) - 2, sample = mean + ((logVariance / 2).exp() * randn(6, 4));
        using Generator first = new(3), second = new(3);
        double expected = vae.Bound(sample, empty(6, 2).normal_(generator: first)).sum().item<float>()
            - logVariance.data<float>().Sum(value => 0.5 * Math.Log(2 * Math.PI * Math.E * Math.Exp(value)));

        Assert.Equal(expected, new DeepPrior(vae).Divergence(mean, logVariance, sample, second).item<float>(), 1e-3);
    }

    [Theory]
    [InlineData(-3)]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(3)]
    public void The_log_uniform_divergence_is_its_integral_up_to_a_constant(double logAlpha)
    {
        using DisposeScope scope = NewDisposeScope();
        double Approximation(double at)
        {
            Tensor mean = full(1, 1, 0.7, ScalarType.Float64);
            return new LogUniformPrior().Divergence(mean, full(1, 1, at + (2 * Math.Log(0.7)), ScalarType.Float64), mean).item<double>();
        }

        // −H(q) + E log |w|, w = μ(1 + √α·ε); the grid avoids the pole, which is integrable.
        static double Exact(double at)
        {
            double root = Math.Exp(at / 2), sum = 0;
            for (double e = -8; e < 8; e += 1e-4)
            {
                sum += 1e-4 * Math.Exp(-e * e / 2) / Math.Sqrt(2 * Math.PI) * Math.Log(Math.Abs(1 + (root * (e + 3.3e-5))));
            }

            return sum - (at / 2);
        }

        Assert.Equal(Exact(logAlpha) - Exact(0), Approximation(logAlpha) - Approximation(0), 0.02);
    }

    [Fact]
    public void The_standard_normal_divergence_is_the_textbooks()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor mean = tensor([0.3, -1.2], [1, 2]), logVariance = tensor([-2.0, 0.5], [1, 2]);
        double expected = 0.5 * (Math.Exp(-2) + 0.09 - 1 + 2 + Math.Exp(0.5) + 1.44 - 1 - 0.5);
        var prior = new StandardNormalPrior();
        Assert.Equal(expected, prior.Divergence(mean, logVariance, mean).item<double>(), 1e-12);
        FiniteDifferences.AgreeWithAutograd(at => prior.Divergence(at, logVariance, at), mean);
        FiniteDifferences.AgreeWithAutograd(at => prior.Divergence(mean, at, mean), logVariance);
        FiniteDifferences.AgreeWithAutograd(at => new LogUniformPrior().Divergence(at, logVariance, at), mean);
        FiniteDifferences.AgreeWithAutograd(at => new LogUniformPrior().Divergence(mean, at, mean), logVariance);
    }

    private static double Normal(double x, double mean, double variance)
        => Math.Exp(-(x - mean) * (x - mean) / (2 * variance)) / Math.Sqrt(2 * Math.PI * variance);
}
