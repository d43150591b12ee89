using static TorchSharp.torch;

namespace AuditKit.Training.Loop;

/// <summary>Weights as they are at one moment, to be put back after something has changed them.</summary>
internal sealed class KeptWeights : IDisposable
{
    private readonly (Tensor Weight, Tensor Value)[] _kept;

    /// <summary>Keeps a copy of weights.</summary>
    /// <param name="weights">The weights, which must be there until they are put back.</param>
    public KeptWeights(IEnumerable<Tensor> weights)
        => _kept = [.. weights.Select(weight => (weight, weight.detach().clone().DetachFromDisposeScope()))];

    /// <summary>Makes the weights what they were.</summary>
    public void PutBack()
    {
        using IDisposable gradients = no_grad();
        foreach ((Tensor weight, Tensor value) in _kept)
        {
            weight.copy_(value);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_kept, kept => kept.Value.Dispose());
}
