using AuditKit.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Loop;

/// <summary>A <see cref="Normalisation"/> of tensors, with gradients. Its tensors live as long as it does.</summary>
public sealed class TensorNormalisation
{
    private readonly Tensor _mean;
    private readonly Tensor _deviation;
    private readonly bool _reverses;

    /// <summary>A normalisation of images on a device.</summary>
    /// <param name="normalisation">What is done to pixels.</param>
    /// <param name="device">Where the images are.</param>
    public TensorNormalisation(Normalisation normalisation, torch.Device device)
    {
        ArgumentNullException.ThrowIfNull(normalisation);
        (float[] mean, float[] deviation) = normalisation.InUnitRange();
        (_mean, _deviation, _reverses) = (Channels(mean), Channels(deviation), normalisation.ReversesChannels);

        Tensor Channels(float[] values) => tensor(values, [1, values.Length, 1, 1]).to(device).DetachFromDisposeScope();
    }

    /// <summary>Images as the network takes them.</summary>
    /// <param name="images">n×C×H×W in [0, 1].</param>
    public Tensor Apply(Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        return ((_reverses ? images.flip(1) : images) - _mean).div_(_deviation);
    }
}
