using AuditKit.Training.Graphs;
using AuditKit.Training.Libtorch;
using static TorchSharp.torch;

namespace AuditKit.Training.Loop;

/// <summary>One step of training as a method sees it: the batch on the network's device, and the network.</summary>
public sealed class TrainingStep
{
    private readonly TensorNormalisation _normalisation;
    private readonly Tensor[] _images;

    /// <summary>A step on a batch. Its tensors belong to the caller's dispose scope.</summary>
    /// <param name="network">The network.</param>
    /// <param name="batch">The images.</param>
    /// <param name="normalisation">What is done to pixels before the network sees them.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="number">The step's number in the run, from 0.</param>
    /// <param name="progress">How much of the run is done, in [0, 1).</param>
    public TrainingStep(GraphModule network, Batch batch, TensorNormalisation normalisation, long seed, long number, double progress)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(batch);
        (Network, Batch, _normalisation, Progress) = (network, batch, normalisation, progress);
        _images = batch.Embeddings is null ? [.. Enumerable.Range(0, batch.Versions.Count).Select(Load)] : [];
        Labels = tensor(batch.Labels).to(network.Device);
        Random = CounterRandom.For(seed, "training/step", checked((int)number));
    }

    /// <summary>The network, in training mode.</summary>
    public GraphModule Network { get; }

    /// <summary>The batch: groups and indices of its n images.</summary>
    public Batch Batch { get; }

    /// <summary>n classes, int64.</summary>
    public Tensor Labels { get; }

    /// <summary>How much of the run is done, in [0, 1).</summary>
    public double Progress { get; }

    /// <summary>Draws that depend on the run's seed and the step alone. libtorch's own generator is keyed by the step, too.</summary>
    public CounterRandom Random { get; }

    /// <summary>
    /// A generator of libtorch's for this step: what it draws depends on the run's seed and the step alone, also where another training in
    /// the same process draws from libtorch's own.
    /// </summary>
    public Generator Draws() => OwnGenerator.Of(Random.NextUInt32(), Network.Device);

    /// <summary>A version of the batch's images: n×C×H×W in [0, 1], augmented, not normalised.</summary>
    /// <param name="version">The version, see <see cref="TrainingMethod.Versions"/>.</param>
    public Tensor Images(int version = 0) => _images.Length > 0 ? _images[version] : Load(version);

    /// <summary>Images as the network takes them: in its range and order of colours, (x − mean) / standard deviation.</summary>
    /// <param name="images">n×C×H×W in [0, 1].</param>
    public Tensor Normalise(Tensor images) => _normalisation.Apply(images);

    /// <summary>The network's logits for the batch's images, n×K.</summary>
    public Tensor Logits() => Run(Network.Result)[0];

    /// <summary>The mean cross-entropy of the network's answers to the batch's images as they are; a scalar with gradients.</summary>
    public Tensor CrossEntropy() => nn.functional.cross_entropy(Logits(), Labels);

    /// <summary>The network's logits for other images, n×K.</summary>
    /// <param name="images">n×C×H×W in [0, 1].</param>
    public Tensor Logits(Tensor images) => Network.Forward(Normalise(images));

    /// <summary>
    /// Values of the network for the batch's images. Where the network is frozen up to its embedding, this is known and goes on from there:
    /// a method that asks for no value before it needs no pixels.
    /// </summary>
    /// <param name="wanted">Names of values.</param>
    /// <exception cref="AuditException">There is no such value.</exception>
    public Tensor[] Run(params IReadOnlyList<string> wanted)
        => Batch.Embeddings is { } kept && Network.Suffices(kept.Value, wanted)
            ? Network.Run(new Dictionary<string, Tensor> { [kept.Value] = tensor(kept.Rows, [Batch.Count, .. kept.Shape]).to(Network.Device) }, wanted)
            : Network.Run(Normalise(Images()), wanted);

    private Tensor Load(int version)
        => tensor(Batch.Versions[version], [Batch.Count, Batch.Input.Channels, Batch.Input.Height, Batch.Input.Width]).to(Network.Device);
}
