using AuditKit.Training.Loop;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.WeightPrior;

/// <summary>
/// Trains an autoencoder of kernels: Adam at 1e-3 falling linearly to 0 on batches of 128, as the authors do. Few kernels are soon learnt by
/// heart, so that of some states the one is kept that knows kernels held out best (our choice). How well it knows any is judged by others still.
/// </summary>
internal static class KernelVaeTraining
{
    private const int Batch = 128;
    private const double Rate = 1e-3;

    /// <summary>How often the autoencoder is judged by the kernels held out.</summary>
    private const int Judgements = 40;

    /// <summary>The share of the kernels that are held out: half of them to choose the state by, half to judge it.</summary>
    private const double HeldOut = 0.1;

    /// <summary>Trains; same kernels, settings and seed, same result.</summary>
    /// <param name="kernels">At least ten.</param>
    /// <param name="settings">Its widths, its steps and the seed.</param>
    /// <param name="progress">Told what is being done, steps done and steps in all.</param>
    /// <param name="cancellation">Stops between two steps.</param>
    /// <returns>The autoencoder, and what kernels that it has not seen are to it and to a normal distribution of those that it learnt from.</returns>
    /// <exception cref="AuditException">The loss became NaN or infinite.</exception>
    public static (KernelVae Vae, HeldOutKernels HeldOut) Run(
        SourceKernels kernels, KernelVaeSettings settings, Action<string, long, long> progress, CancellationToken cancellation)
    {
        int[] order = [.. Enumerable.Range(0, kernels.Count)];
        CounterRandom.For(settings.Seed, "kernel autoencoder/held out", 0).Shuffle(order);
        int half = Math.Max(1, (int)(HeldOut * order.Length / 2));
        (int[] choosing, int[] judging, int[] learnt) = (order[..half], order[half..(2 * half)], order[(2 * half)..]);
        var vae = new KernelVae(KernelVae.Build(
            kernels.Size, settings.HiddenFor(kernels.Size), settings.CodeFor(kernels.Size), Scale(kernels, learnt), settings.Seed));
        KeptWeights? kept = null;
        try
        {
            using IDisposable gradients = enable_grad();
            using Adam optimiser = optim.Adam(vae.Parameters, Rate);
            double best = double.NegativeInfinity;
            for (int step = 0; step < settings.Steps; step++)
            {
                cancellation.ThrowIfCancellationRequested();
                foreach (optim.ILearningRateController group in optimiser.ParamGroups)
                {
                    group.LearningRate = Rate * (1 - ((double)step / settings.Steps));
                }

                CounterRandom random = CounterRandom.For(settings.Seed, "kernel autoencoder/step", step);
                double loss = Step(vae, kernels.Take([.. Enumerable.Range(0, Batch).Select(_ => learnt[random.NextInt32(learnt.Length)])]), optimiser, random);
                if (!double.IsFinite(loss))
                {
                    throw new TrainingDivergedException($"the autoencoder of the kernels of {kernels.Layer} diverged in step {step + 1}.");
                }

                if (((long)(step + 1) * Judgements / settings.Steps) > ((long)step * Judgements / settings.Steps)
                    && Bound(vae, kernels.Take(choosing), settings.Seed) is var bound && bound > best)
                {
                    best = bound;
                    kept?.Dispose();
                    kept = new KeptWeights(vae.Parameters);
                }

                progress($"learning the kernels of {kernels.Layer}", step + 1, settings.Steps);
            }

            kept?.PutBack();
            return (vae, new HeldOutKernels(half, Bound(vae, kernels.Take(judging), settings.Seed), Normal(kernels, learnt, judging)));
        }
        catch
        {
            vae.Dispose();
            throw;
        }
        finally
        {
            kept?.Dispose();
        }
    }

    private static double Step(KernelVae vae, Tensor kernels, Adam optimiser, CounterRandom random)
    {
        using DisposeScope scope = NewDisposeScope();
        optimiser.zero_grad();
        Tensor loss = vae.Bound(kernels, Noise(vae, kernels, random)).mean();
        loss.backward();
        optimiser.step();
        kernels.Dispose();
        return loss.item<float>();
    }

    private static double Bound(KernelVae vae, Tensor kernels, long seed)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable gradients = no_grad();
        double bound = -vae.Bound(kernels, Noise(vae, kernels, CounterRandom.For(seed, "kernel autoencoder/judged", 0))).mean().item<float>();
        kernels.Dispose();
        return bound;
    }

    private static double Normal(SourceKernels kernels, int[] learnt, int[] heldOut)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable gradients = no_grad();
        return learnt.Length > kernels.Size
            ? NormalKernels.Of(kernels.Take(learnt), kernels.Layer).LogDensity(kernels.Take(heldOut)).mean().item<float>()
            : double.NaN;
    }

    private static Tensor Noise(KernelVae vae, Tensor kernels, CounterRandom random)
    {
        float[] noise = new float[kernels.shape[0] * vae.CodeSize];
        random.FillNormal(noise, 0, 1);
        return tensor(noise, [kernels.shape[0], vae.CodeSize]);
    }

    private static double Scale(SourceKernels kernels, int[] learnt) => Math.Max(1e-12, Math.Sqrt(
        learnt.Average(kernel => kernels.Values.AsSpan(kernel * kernels.Size, kernels.Size).ToArray().Average(value => (double)value * value))));
}

/// <summary>How well kernels are known that nothing was learnt from nor chosen by, in nats a kernel: the higher, the better.</summary>
/// <param name="Count">How many.</param>
/// <param name="Autoencoder">The autoencoder's evidence lower bound, at most log p(w) on average.</param>
/// <param name="Normal">log p(w) of a normal distribution with a full covariance; NaN where there are too few kernels for one.</param>
internal readonly record struct HeldOutKernels(int Count, double Autoencoder, double Normal);
