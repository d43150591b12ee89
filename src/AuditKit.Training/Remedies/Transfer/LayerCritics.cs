using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.Transfer;

/// <summary>
/// A critic for each of several sets of points (a layer's filters at the start), which learns to tell other points from
/// them: max over f of E f(target) − E f(source), by Adam (Kingma &amp; Ba 2015), the layer's rows staying orthonormal. As f has
/// Lipschitz constant 1, its value is a lower bound of W1 at any time (Kantorovich &amp; Rubinstein).
/// </summary>
/// <remarks>libtorch's Adam keeps its state to itself; here all of it is tensors, which checkpoints keep.</remarks>
internal sealed class LayerCritics : IDisposable
{
    private const double Beta1 = 0.9, Beta2 = 0.99, Epsilon = 1e-8;

    private readonly double _rate;
    private readonly Tensor[] _centres;
    private readonly double[] _scales;
    private readonly Tensor[] _sources;
    private readonly Critic[] _critics;
    private readonly Tensor _numbers;
    private readonly Tensor _mean;
    private readonly Tensor _squares;
    private readonly Tensor _decayed;

    /// <summary>Critics at their start.</summary>
    /// <param name="seed">The seed of their draws.</param>
    /// <param name="names">The sets' names: no critic's draws depend on another's.</param>
    /// <param name="sources">For each set its points, n×D, n ≥ 1.</param>
    /// <param name="rate">Adam's rate.</param>
    public LayerCritics(long seed, IReadOnlyList<string> names, IReadOnlyList<Tensor> sources, double rate)
    {
        _rate = rate;
        using DisposeScope scope = NewDisposeScope();
        using IDisposable gradients = no_grad();
        (ScalarType type, Device device) = (sources[0].dtype, sources[0].device);
        // Points of norm 1 about 0; f(x) = s·f̃((x − m)/s) has the gradient of f̃.
        _centres = [.. sources.Select(points => points.mean([0L]).DetachFromDisposeScope())];
        _scales = [.. sources.Zip(_centres, Scale)];
        _sources = [.. sources.Select((points, set) => Normalise(set, points).DetachFromDisposeScope())];
        _numbers = cat([.. _sources.Zip(names, (points, name) => Critic.Draw(CounterRandom.For(seed, $"critic/{name}", 0), points))])
            .to(type).to(device).DetachFromDisposeScope();
        _mean = zeros_like(_numbers).DetachFromDisposeScope();
        _squares = zeros_like(_numbers).DetachFromDisposeScope();
        _decayed = ones(2, type, device).DetachFromDisposeScope();
        long start = 0;
        _critics = [.. _sources.Select(points =>
        {
            var critic = new Critic(_numbers.narrow(0, start, Critic.Size(points)), points);
            start += Critic.Size(points);
            return critic;
        })];
    }

    /// <summary>What the critics have learnt, and what Adam remembers.</summary>
    public IReadOnlyList<Tensor> State => [_numbers, _mean, _squares, _decayed];

    /// <summary>A step of all critics.</summary>
    /// <param name="targets">For each set the points to tell from it, n×D.</param>
    public void Step(IReadOnlyList<Tensor> targets)
    {
        using DisposeScope scope = NewDisposeScope();
        targets.Select((points, set) => Gain(set, Normalise(set, points.detach()), learns: true)).Aggregate((sum, one) => sum + one).backward();
        using IDisposable gradients = no_grad();
        Tensor gradient = cat([.. _critics.SelectMany(critic => critic.Parameters.Select(parameter => Gradient(critic, parameter).flatten()))]);
        _mean.mul_(Beta1).add_(gradient, 1 - Beta1);
        _squares.mul_(Beta2).addcmul_(gradient, gradient, 1 - Beta2);
        _decayed.mul_(tensor([Beta1, Beta2]).to(_decayed.dtype).to(_decayed.device));
        Tensor corrected = 1 - _decayed;
        _numbers.addcdiv_(_mean / corrected[0], (_squares / corrected[1]).sqrt_().add_(Epsilon), _rate);
        foreach (Critic critic in _critics)
        {
            OrthonormalRows.Restore(critic.Rows);
            foreach (Tensor parameter in critic.Parameters)
            {
                parameter.grad?.zero_();
            }
        }
    }

    /// <summary>E f(target) − E f(source), in the points' units: at most W1. With gradients of the points, not of the critic.</summary>
    /// <param name="set">The set's index.</param>
    /// <param name="target">n×D points.</param>
    public Tensor Distance(int set, Tensor target) => _scales[set] * Gain(set, Normalise(set, target), learns: false);

    /// <summary>f of points, n×D to n, in the points' units, with gradients of the points.</summary>
    internal Tensor Values(int set, Tensor points)
        => _scales[set] * _critics[set].Values(Normalise(set, points), learns: false).narrow(0, 0, points.shape[0]);

    /// <summary>The mean distance of each point from the one in its place at the start: the plan that L2-SP assumes, at least W1.</summary>
    /// <param name="set">The set's index.</param>
    /// <param name="target">n×D points, in the source's order.</param>
    public Tensor MatchedDistance(int set, Tensor target) => _scales[set] * (Normalise(set, target) - _sources[set]).norm(1).mean();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable owned in (IDisposable[])[.. _critics, .. _centres, .. _sources, .. State])
        {
            owned.Dispose();
        }
    }

    // A critic of one input cuts nothing, and its α gets no gradient.
    private static Tensor Gradient(Critic critic, Tensor parameter)
        => parameter.grad is not { } gradient ? zeros_like(parameter)
            : ReferenceEquals(parameter, critic.Rows) ? OrthonormalRows.Tangent(gradient, parameter)
            : gradient;

    private Tensor Gain(int set, Tensor target, bool learns)
    {
        Tensor values = _critics[set].Values(target, learns);
        return values.narrow(0, 0, target.shape[0]).mean() - values.narrow(0, target.shape[0], _sources[set].shape[0]).mean();
    }

    private Tensor Normalise(int set, Tensor points) => (points - _centres[set]) / _scales[set];

    // The root mean square distance from the centre; where all points are one, their norm.
    private static double Scale(Tensor points, Tensor centre)
    {
        double deviation = (points - centre).square().sum([1L]).mean().sqrt().to(ScalarType.Float64).item<double>();
        double norm = points.square().sum([1L]).mean().sqrt().to(ScalarType.Float64).item<double>();
        return deviation > 1e-6 * norm ? deviation : norm > 0 ? norm : 1;
    }
}
