using AuditKit.Models.Onnx;
using AuditKit.Training.Remedies.WeightPrior;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Remedies.WeightPrior;

public sealed class KernelVaeTests
{
    private static readonly float[] s_kernel = [0.4f, -0.2f, 0.1f];

    /// <summary>With one number a code, everything about it can be integrated.</summary>
    [Fact]
    public void The_mean_of_the_bound_is_its_integral_and_above_the_surprise_at_a_kernel()
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable gradients = no_grad();
        using var vae = new KernelVae(KernelVae.Build(3, hidden: 5, code: 1, scale: 0.7, seed: 3));
        double[] grid = [.. Enumerable.Range(-400, 801).Select(i => i / 50.0)];
        double step = grid[1] - grid[0];
        double[] log = LogLikelihoods(vae, grid);
        (Tensor mean, Tensor variance) = vae.Encode(tensor(s_kernel, [1, 3]));
        (double m, double v) = (mean.item<float>(), variance.item<float>());

        double divergence = 0, error = 0, evidence = 0;
        foreach ((double z, double likelihood) in grid.Zip(log))
        {
            double r = Normal(z, m, v), p = Normal(z, 0, 1);
            divergence += r > 0 ? step * r * Math.Log(r / p) : 0;
            error -= step * r * likelihood;
            evidence += step * p * Math.Exp(likelihood);
        }

        float[] noise = [.. grid.Select(z => (float)z)];
        Tensor every = vae.Bound(tensor(s_kernel, [1, 3]).expand(noise.Length, 3), tensor(noise, [noise.Length, 1]));
        double[] bounds = [.. every.data<float>().Select(value => (double)value)];
        double bound = bounds.Zip(grid, (value, z) => step * Normal(z, 0, 1) * value).Sum();

        Assert.Equal(divergence + error, bound, 1e-3 * Math.Abs(bound));
        Assert.True(bound >= -Math.Log(evidence) - 1e-4, $"{bound} is below {-Math.Log(evidence)}");
    }

    [Fact]
    public void Gradients_of_the_bound_are_difference_quotients()
    {
        using DisposeScope scope = NewDisposeScope();
        using var vae = new KernelVae(KernelVae.Build(3, hidden: 4, code: 2, scale: 0.5, seed: 1));
        Tensor kernels = tensor([.. s_kernel, 0.3f, 0.2f, -0.5f], [2, 3]), noise = tensor([0.3f, -1.1f, 0.8f, 0.1f], [2, 2]);
        Tensor Loss() => vae.Bound(kernels, noise).sum();
        Tensor point = kernels.requires_grad_();
        TinyTask.AssertClose(TinyTask.Differences(point, Loss), TinyTask.Gradient(point, Loss), 2e-2);
        foreach (TorchSharp.Modules.Parameter parameter in vae.Parameters)
        {
            TinyTask.AssertClose(TinyTask.Differences(parameter, Loss), TinyTask.Gradient(parameter, Loss), 2e-2);
        }
    }

    /// <summary>Kernels of two kinds, which no normal distribution knows as well as one that has two modes.</summary>
    [Fact]
    public void Trained_it_knows_kernels_of_two_kinds_better_than_a_normal_distribution_and_the_same_each_time()
    {
        CounterRandom random = CounterRandom.For(5, "tests", 0);
        float[] values =
        [
            .. from i in Enumerable.Range(0, 400)
               from j in Enumerable.Range(0, 4)
               select (float)((i % 2 == 0 ? 0.3 : -0.3 * j) + (0.02 * random.NextNormal())),
        ];
        var kernels = new SourceKernels("conv", 4, values, 2, 0);
        var settings = new KernelVaeSettings(Hidden: 16, Code: 1, Steps: 800, Seed: 1);
        using DisposeScope scope = NewDisposeScope();

        (KernelVae vae, HeldOutKernels heldOut) = Train();
        (KernelVae again, HeldOutKernels same) = Train();

        Assert.Equal(20, heldOut.Count);
        Assert.True(heldOut.Autoencoder > heldOut.Normal + 0.5, $"{heldOut}");
        Assert.Equal(heldOut, same);
        using (vae)
        using (again)
        {
            Assert.True(vae.Parameters.Zip(again.Parameters).All(pair => pair.First.equal(pair.Second).all().item<bool>()));
        }

        (KernelVae, HeldOutKernels) Train() => KernelVaeTraining.Run(kernels, settings, (_, _, _) => { }, CancellationToken.None);
    }

    /// <summary>Kernels that judge are neither learnt from nor chosen by: were they others, the autoencoder would be the same.</summary>
    [Fact]
    public void What_judges_it_changes_nothing_in_it()
    {
        var settings = new KernelVaeSettings(Hidden: 4, Code: 1, Steps: 20, Seed: 1);
        float[] values = new float[40 * 4];
        CounterRandom.For(6, "tests", 0).FillNormal(values, 0, 0.1f);
        using DisposeScope scope = NewDisposeScope();
        (float[] Parameters, HeldOutKernels HeldOut) plain = Train(values);
        int judging = 0;
        for (int kernel = 0; kernel < 40; kernel++)
        {
            float[] others = [.. values];
            others.AsSpan(kernel * 4, 4).Fill(3);
            (float[] parameters, HeldOutKernels heldOut) = Train(others);
            if (heldOut != plain.HeldOut && parameters.SequenceEqual(plain.Parameters))
            {
                judging++;
                Assert.True(heldOut.Autoencoder < plain.HeldOut.Autoencoder - 1, $"{heldOut}");
            }
        }

        Assert.Equal((2, 2), (plain.HeldOut.Count, judging));

        (float[], HeldOutKernels) Train(float[] kernels)
        {
            (KernelVae vae, HeldOutKernels heldOut) = KernelVaeTraining.Run(
                new SourceKernels("conv", 4, kernels, 1, 0), settings, (_, _, _) => { }, CancellationToken.None);
            using (vae)
            {
                return ([.. vae.Parameters.SelectMany(parameter => parameter.data<float>().ToArray())], heldOut);
            }
        }
    }

    [Fact]
    public void Another_graph_is_not_taken_for_one()
    {
        var graph = new Graph("other");
        graph.Input("kernel", "batch", 9);
        graph.Output(graph.Add("Relu", ["kernel"], "x"));
        Assert.Contains("no kernel autoencoder", Assert.Throws<AuditException>(() => new KernelVae(graph)).Message);
    }

    private static double Normal(double x, double mean, double variance)
        => Math.Exp(-(x - mean) * (x - mean) / (2 * variance)) / Math.Sqrt(2 * Math.PI * variance);

    private static double[] LogLikelihoods(KernelVae vae, double[] codes)
    {
        (Tensor mean, Tensor variance) = vae.Decode(tensor([.. codes.Select(z => (float)z)], [codes.Length, 1]));
        float[][] means = [.. mean.data<float>().ToArray().Chunk(3)], variances = [.. variance.data<float>().ToArray().Chunk(3)];
        return [.. means.Zip(variances, (m, v) => Enumerable.Range(0, 3).Sum(i => Math.Log(Normal(s_kernel[i], m[i], v[i]))))];
    }
}
