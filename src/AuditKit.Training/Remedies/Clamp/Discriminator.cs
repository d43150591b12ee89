using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.Clamp;

/// <summary>
/// A CycleGAN's discriminator: a score for every patch of an image (Isola et al., CVPR 2017). Unlike theirs it is not
/// normalised: that would hide what a background's mean colour is.
/// </summary>
internal sealed class Discriminator
{
    private const double Slope = 0.2;

    private readonly Convolution[] _layers;
    private readonly Convolution _score;

    /// <summary>A discriminator at its start.</summary>
    /// <param name="seed">The seed of its weights.</param>
    /// <param name="name">Its name, for their draws.</param>
    /// <param name="device">Where it runs.</param>
    /// <param name="channels">Channels of an image.</param>
    /// <param name="size">Its size.</param>
    public Discriminator(long seed, string name, Device device, int channels, GanSize size)
    {
        _layers =
        [
            .. Enumerable.Range(0, size.Halvings + 1).Select(i => new Convolution(
                seed, $"{name}.layer{i}", device, i == 0 ? channels : 2 * size.Width << (i - 1), 2 * size.Width << i, kernel: 4, stride: 2)),
        ];
        _score = new Convolution(seed, $"{name}.score", device, 2 * size.Width << size.Halvings, 1, kernel: 3);
    }

    /// <summary>What is trained.</summary>
    public IEnumerable<Parameter> Parameters => _layers.Append(_score).SelectMany(layer => layer.Parameters);

    /// <summary>Images n×C×H×W in [−1, 1] to n×D×h×w features, which scores are made of.</summary>
    public Tensor Features(Tensor images) => _layers.Aggregate(images, (x, layer) => nn.functional.leaky_relu(layer.Apply(x), Slope));

    /// <summary>Features to n×1×h×w scores: 1 real, 0 made.</summary>
    public Tensor Scores(Tensor features) => _score.Apply(features);
}
