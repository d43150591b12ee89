using AuditKit.Training.Loop;
using AuditKit.Yaml;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.Transfer;

/// <summary>
/// L2-SP (Li, Grandvalet &amp; Davoine, Explicit inductive bias for transfer learning, ICML 2018): cross-entropy +
/// β/2·‖w_enc − w_enc⁰‖² + α/2·‖w_cl‖², w⁰ being the weights at the start. Kernels and matrices are drawn, as in its authors' code;
/// biases and the scales and shifts of normalisations are free.
/// </summary>
/// <remarks>With w⁰ = 0 everywhere it is SGD's weight decay α = β: plain L2 is <see cref="Erm"/> with the optimiser's decay.</remarks>
public sealed class L2Sp : TrainingMethod
{
    private readonly TransferParts _parts;
    private readonly (Tensor Weights, Tensor Start)[] _encoder;
    private readonly double _beta;
    private readonly double _alpha;

    /// <summary>The keys of its block.</summary>
    internal static IReadOnlyList<SpecKey> Keys { get; } = [TransferKeys.Beta, TransferKeys.Alpha, TransferKeys.Embedding];

    /// <summary>The method at the start of a run.</summary>
    /// <param name="task">The network, as it is before training.</param>
    /// <param name="beta">β: how strongly the encoder is drawn to where it started.</param>
    /// <param name="alpha">α: how strongly the classifier is drawn to zero.</param>
    /// <param name="embedding">The value that the classifier reads; null for the one that an audit takes.</param>
    /// <exception cref="AuditException">The network has no classifier layer, or nothing before it is trained.</exception>
    public L2Sp(TrainingTask task, double beta, double alpha, string? embedding)
    {
        ArgumentNullException.ThrowIfNull(task);
        (_beta, _alpha, _parts) = (beta, alpha, TransferParts.Of(task, embedding));
        _encoder = [.. TransferKeys.Weights(_parts.Encoder).Select(weights => (weights, weights.detach().clone().DetachFromDisposeScope()))];
    }

    /// <summary>Reads <c>method: { name: l2-sp, beta: 0.01, alpha: 0.01, embedding: VALUE }</c>.</summary>
    /// <exception cref="AuditException">A value is out of range.</exception>
    public static MethodFactory Parse(SpecMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        (double beta, double alpha) = (TransferKeys.Beta.Read(map), TransferKeys.Alpha.Read(map));
        string? embedding = TransferKeys.Embedding.Read(map);
        return task => new L2Sp(task, beta, alpha, embedding);
    }

    /// <inheritdoc/>
    public override Tensor Loss(TrainingStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        Tensor loss = step.CrossEntropy();
        loss = _encoder.Aggregate(loss, (sum, part) => sum + (0.5 * _beta * (part.Weights - part.Start).square().sum()));
        return TransferKeys.WithDecay(loss, TransferKeys.Weights(_parts.Classifier), _alpha);
    }

    /// <inheritdoc/>
    public override string Report(string folder)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable gradients = no_grad();
        double moved = Math.Sqrt(_encoder.Sum(part => (part.Weights - part.Start).square().sum().to(ScalarType.Float64).item<double>()));
        double length = Math.Sqrt(_encoder.Sum(part => part.Start.square().sum().to(ScalarType.Float64).item<double>()));
        return $"L2-SP, β = {_beta}, α = {_alpha}: {_encoder.Length} kernels and matrices of the encoder, of norm {NumberText.Value(length)}, "
            + $"ended {NumberText.Value(moved)} from where they started.";
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach ((_, Tensor start) in _encoder)
        {
            start.Dispose();
        }

        base.Dispose(disposing);
    }
}
