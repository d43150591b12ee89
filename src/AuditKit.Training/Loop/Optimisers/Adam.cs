using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AuditKit.Training.Loop.Optimisers;

/// <summary>
/// Adam (Kingma &amp; Ba, ICLR 2015, algorithm 1) with the decay as an L2 penalty in the gradient, or decoupled
/// from it: AdamW (Loshchilov &amp; Hutter, ICLR 2019, algorithm 2: w ← w − ηλw before the step).
/// </summary>
public sealed class Adam : Optimiser
{
    private const double Epsilon = 1e-8;
    private readonly double _beta1;
    private readonly double _beta2;
    private readonly double _decay;
    private readonly bool _decoupled;
    private readonly IReadOnlyList<Tensor> _first;
    private readonly IReadOnlyList<Tensor> _second;

    /// <summary>An optimiser at rest.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="beta1">Decay of the first moment, in [0, 1).</param>
    /// <param name="beta2">Decay of the second moment, in [0, 1).</param>
    /// <param name="decay">λ.</param>
    /// <param name="decoupled">Whether λ acts on the weights directly (AdamW) instead of through the gradient.</param>
    public Adam(IReadOnlyList<Parameter> parameters, double beta1, double beta2, double decay, bool decoupled)
        : base(parameters)
    {
        (_beta1, _beta2, _decay, _decoupled) = (beta1, beta2, decay, decoupled);
        (_first, _second) = (Zeros(), Zeros());
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> State => [.. _first, .. _second];

    /// <inheritdoc/>
    protected override void Update(int index, Tensor parameter, Tensor gradient, double rate)
    {
        if (_decoupled)
        {
            parameter.mul_(1 - (rate * _decay));
        }
        else if (_decay > 0)
        {
            gradient.add_(parameter, alpha: _decay);
        }

        Tensor first = _first[index].mul_(_beta1).add_(gradient, alpha: 1 - _beta1);
        Tensor second = _second[index].mul_(_beta2).addcmul_(gradient, gradient, 1 - _beta2);
        double correction1 = 1 - Math.Pow(_beta1, Steps);
        double correction2 = 1 - Math.Pow(_beta2, Steps);
        Tensor root = second.sqrt().div_(Math.Sqrt(correction2)).add_(Epsilon);
        parameter.addcdiv_(first, root, -rate / correction1);
    }
}
