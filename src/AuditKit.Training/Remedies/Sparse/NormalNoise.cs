using AuditKit.Training.Libtorch;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.Sparse;

/// <summary>
/// Standard normal noise from generators of its own, so that whoever else draws from libtorch's changes nothing. libtorch draws in one
/// thread; here two threads draw a half each, by a generator each, so that the number of threads changes nothing either.
/// </summary>
/// <param name="device">Where noise is drawn.</param>
internal sealed class NormalNoise(Device device) : IDisposable
{
    private readonly Generator[] _generators = [OwnGenerator.Of(0, device), OwnGenerator.Of(1, device)];

    /// <summary>Begins anew.</summary>
    /// <param name="random">What the draws depend on.</param>
    public void Seed(CounterRandom random)
    {
        foreach (Generator generator in _generators)
        {
            generator.manual_seed(random.NextUInt32());
        }
    }

    /// <summary>Noise of another tensor's shape, type and layout.</summary>
    public Tensor Like(Tensor tensor)
    {
        Tensor noise = empty_like(tensor, requires_grad: false);
        long half = tensor.shape[0] / 2;
        Tensor[] parts = [noise.narrow(0, 0, half), noise.narrow(0, half, tensor.shape[0] - half)];
        Parallel.For(0, parts.Length, i => parts[i].normal_(generator: _generators[i]));
        return noise;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Generator generator in _generators)
        {
            generator.Dispose();
        }
    }
}
