using AuditKit.Training.Libtorch;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.Clamp;

/// <summary>A convolution with bias, padded so that a stride of 1 or 2 leaves or halves the size.</summary>
/// <param name="seed">The seed of the start weights.</param>
/// <param name="name">The layer's name, for its draws.</param>
/// <param name="device">Where it runs.</param>
/// <param name="inputs">Channels in.</param>
/// <param name="outputs">Channels out.</param>
/// <param name="kernel">Side of the kernel.</param>
/// <param name="stride">Step of the kernel.</param>
internal sealed class Convolution(long seed, string name, Device device, int inputs, int outputs, int kernel, int stride = 1)
{
    private readonly Parameter _weight = Initialisation.Weight(seed, name, device, outputs, inputs, kernel, kernel);
    private readonly Parameter _bias = Initialisation.Bias(device, outputs);

    /// <summary>What is trained.</summary>
    public IReadOnlyList<Parameter> Parameters => [_weight, _bias];

    /// <summary>n×inputs×H×W to n×outputs×H/stride×W/stride.</summary>
    public Tensor Apply(Tensor x)
        => Convolutions.Forward(
            LibtorchEngine.Kernels, x, _weight, _bias, [stride, stride], [(kernel - 1) / 2, (kernel - 1) / 2], [1, 1], groups: 1);
}
