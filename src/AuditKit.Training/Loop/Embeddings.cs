using AuditKit.Models;
using AuditKit.Training.Graphs;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Loop;

/// <summary>What a network makes of a set's images, in evaluation mode and without augmentation: a row of numbers for each.</summary>
internal sealed class Embeddings
{
    private readonly TrainingSet _set;

    private Embeddings(float[] values, TrainingSet set) => (Values, _set) = (values, set);

    /// <summary>Images n.</summary>
    public int Count => _set.Count;

    /// <summary>Numbers an image, D.</summary>
    public int Length => Values.Length / Count;

    /// <summary>n×D numbers, in the set's order.</summary>
    public float[] Values { get; }

    /// <summary>n classes.</summary>
    public IReadOnlyList<int> Classes => _set.Classes;

    /// <summary>n groups.</summary>
    public IReadOnlyList<int> Groups => _set.Groups;

    /// <summary>Runs the network over a set. It is left in evaluation mode.</summary>
    /// <param name="network">The network.</param>
    /// <param name="value">The name of the value that is kept; what an image has of it is flattened.</param>
    /// <param name="normalisation">What is done to pixels before the network sees them.</param>
    /// <param name="set">The images; at least one.</param>
    /// <param name="batch">Images that are run at once.</param>
    /// <param name="progress">Told the images done.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    /// <exception cref="AuditException">An image cannot be read, or the network has no such value.</exception>
    public static Embeddings Of(
        GraphModule network, string value, Normalisation normalisation, TrainingSet set, int batch, Action<long> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(progress);
        var pixels = new TensorNormalisation(normalisation, network.Device);
        network.Training = false;
        using IDisposable gradients = no_grad();
        float[] values = [];
        int done = 0;
        foreach (Batch images in set.Batches(batch))
        {
            cancellation.ThrowIfCancellationRequested();
            using DisposeScope scope = NewDisposeScope();
            var step = new TrainingStep(network, images, pixels, seed: 0, number: 0, progress: 0);
            float[] rows = step.Run(value)[0].flatten(1).ToFloats();
            int length = rows.Length / images.Count;
            values = done == 0 ? new float[checked(set.Count * length)] : values;
            rows.CopyTo(values, done * length);
            progress(done += images.Count);
        }

        return new Embeddings(values, set);
    }
}
