using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.Clamp;

/// <summary>
/// Two generators that move images between two domains without pairs, and their discriminators (Zhu et al. 2017): least
/// squares for real and made (section 4), L1 for the cycle with weight 10, L1 for the identity of an image that is in the
/// domain already with weight 5 (section 5.2), a pool of 50 made images, Adam with β₁ = 0.5. The optional term that draws made images to
/// real ones is feature matching (Salimans et al., Improved techniques for training GANs, NIPS 2016, section 3.1): the squared distance
/// of the batch means of the discriminator's last features, mean over these.
/// </summary>
internal sealed class CycleGan : IDisposable
{
    private const double CycleWeight = 10, IdentityWeight = 5;
    private const int Pooled = 50;

    private readonly double _matching;
    private readonly Generator[] _into;
    private readonly Discriminator[] _judges;
    private readonly ReplayPool[] _pools = [new(Pooled), new(Pooled)];
    private readonly Parameter[] _ofGenerators;
    private readonly Parameter[] _ofDiscriminators;
    private readonly OptimizerHelper _generating;
    private readonly OptimizerHelper _judging;

    /// <summary>A CycleGAN at its start.</summary>
    /// <param name="seed">The seed of its weights.</param>
    /// <param name="device">Where it runs.</param>
    /// <param name="channels">Channels of an image.</param>
    /// <param name="size">The networks' size.</param>
    /// <param name="rate">Adam's learning rate.</param>
    /// <param name="matching">How much feature matching weighs.</param>
    public CycleGan(long seed, Device device, int channels, GanSize size, double rate, double matching = 0)
    {
        _matching = matching;
        _into = [.. Enumerable.Range(0, 2).Select(domain => new Generator(seed, $"generator{domain}", device, channels, size))];
        _judges = [.. Enumerable.Range(0, 2).Select(domain => new Discriminator(seed, $"discriminator{domain}", device, channels, size))];
        _ofGenerators = [.. _into.SelectMany(generator => generator.Parameters)];
        _ofDiscriminators = [.. _judges.SelectMany(discriminator => discriminator.Parameters)];
        _generating = optim.Adam(_ofGenerators, rate, beta1: 0.5);
        _judging = optim.Adam(_ofDiscriminators, rate, beta1: 0.5);
    }

    /// <summary>Moves images into a domain, whichever they are in.</summary>
    /// <param name="images">n×C×H×W in [−1, 1].</param>
    /// <param name="domain">0 or 1.</param>
    public Tensor Move(Tensor images, int domain) => _into[domain].Apply(images);

    /// <summary>One step of the generators, then one of the discriminators.</summary>
    /// <param name="first">Images of domain 0, n×C×H×W in [−1, 1].</param>
    /// <param name="second">As many images of domain 1.</param>
    /// <param name="random">For the pools.</param>
    /// <returns>The generators' loss.</returns>
    public double Step(Tensor first, Tensor second, CounterRandom random)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] real = [first, second];
        Tensor[] made = [_into[0].Apply(second), _into[1].Apply(first)];
        _generating.zero_grad();
        Tensor loss = GeneratorLoss(0) + GeneratorLoss(1);
        loss.backward();
        _generating.step();
        _judging.zero_grad();
        (DiscriminatorLoss(0) + DiscriminatorLoss(1)).backward();
        _judging.step();
        return loss.item<float>();

        // A generator's three losses: the discriminator takes its images for real, the other generator maps them back
        // (cycle), and images that are in its domain already stay as they are (identity).
        Tensor GeneratorLoss(int domain)
        {
            Discriminator judge = _judges[domain];
            Tensor features = judge.Features(made[domain]);
            Tensor sum = Score(judge.Scores(features), 1)
                + (CycleWeight * nn.functional.l1_loss(_into[1 - domain].Apply(made[domain]), real[1 - domain]))
                + (IdentityWeight * nn.functional.l1_loss(_into[domain].Apply(real[domain]), real[domain]));
            return _matching == 0 ? sum : sum + (_matching * Distance(features, judge.Features(real[domain]).detach()));
        }

        Tensor DiscriminatorLoss(int domain)
            => 0.5 * (Judge(domain, real[domain], 1) + Judge(domain, _pools[domain].Exchange(made[domain], random), 0));

        Tensor Judge(int domain, Tensor images, double wanted) => Score(_judges[domain].Scores(_judges[domain].Features(images)), wanted);
    }

    /// <summary>The mean squared distance of the means over the batch.</summary>
    /// <param name="made">n×…</param>
    /// <param name="real">m×…, of the same shape otherwise.</param>
    internal static Tensor Distance(Tensor made, Tensor real) => (made.mean([0]) - real.mean([0])).square().mean();

    /// <summary>The mean squared distance of scores from what they ought to be.</summary>
    private static Tensor Score(Tensor scores, double wanted) => (scores - wanted).square().mean();

    /// <inheritdoc/>
    public void Dispose()
    {
        _generating.Dispose();
        _judging.Dispose();
        foreach (IDisposable owned in _ofGenerators.Concat<IDisposable>(_ofDiscriminators).Concat(_pools))
        {
            owned.Dispose();
        }
    }
}
