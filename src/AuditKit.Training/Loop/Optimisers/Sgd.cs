using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AuditKit.Training.Loop.Optimisers;

/// <summary>
/// Stochastic gradient descent with momentum and L2 penalty: g ← ∇ + λw; v ← μv + g; w ← w − η·v, or with
/// Nesterov's look-ahead w ← w − η·(g + μv) (Sutskever et al., ICML 2013, in PyTorch's form).
/// </summary>
public sealed class Sgd : Optimiser
{
    private readonly double _momentum;
    private readonly bool _nesterov;
    private readonly double _decay;
    private readonly IReadOnlyList<Tensor> _velocity;

    /// <summary>An optimiser at rest.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="momentum">μ in [0, 1).</param>
    /// <param name="nesterov">Whether to look ahead.</param>
    /// <param name="decay">λ, the weight of the L2 penalty.</param>
    public Sgd(IReadOnlyList<Parameter> parameters, double momentum, bool nesterov, double decay)
        : base(parameters)
    {
        (_momentum, _nesterov, _decay) = (momentum, nesterov, decay);
        _velocity = momentum > 0 ? Zeros() : [];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> State => _velocity;

    /// <inheritdoc/>
    protected override void Update(int index, Tensor parameter, Tensor gradient, double rate)
    {
        if (_decay > 0)
        {
            gradient.add_(parameter, alpha: _decay);
        }

        Tensor direction = gradient;
        if (_momentum > 0)
        {
            Tensor velocity = _velocity[index].mul_(_momentum).add_(gradient);
            direction = _nesterov ? gradient.add_(velocity, alpha: _momentum) : velocity;
        }

        parameter.add_(direction, alpha: -rate);
    }
}
