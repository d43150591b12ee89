using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies;

/// <summary>Start values of the networks that methods bring, drawn by name: no network's draws depend on another's.</summary>
internal static class Initialisation
{
    /// <summary>Weights from N(0, 2 / fan-in), for layers around ReLUs (He et al., Delving deep into rectifiers, ICCV 2015, eq. 10).</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="device">Where the weights live.</param>
    /// <param name="shape">Outputs first; the product of the others is the fan-in.</param>
    public static Parameter Weight(long seed, string name, Device device, params long[] shape)
    {
        long fanIn = shape[1..].Aggregate(1L, (product, length) => product * length);
        float[] values = new float[checked((int)(shape[0] * fanIn))];
        CounterRandom.For(seed, $"initialise/{name}", 0).FillNormal(values, 0, MathF.Sqrt(2f / fanIn));
        return new Parameter(tensor(values, shape).to(device).DetachFromDisposeScope());
    }

    /// <summary>Zeros.</summary>
    public static Parameter Bias(Device device, int outputs) => new(zeros(outputs, device: device).DetachFromDisposeScope());
}
