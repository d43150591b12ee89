using AuditKit.Training.Graphs;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Loop;

/// <summary>What a network that is being trained is worth on images as they are.</summary>
internal static class Evaluation
{
    /// <summary>Which images a network classifies rightly. It is left in evaluation mode.</summary>
    /// <param name="network">The network.</param>
    /// <param name="normalisation">What is done to pixels before the network sees them.</param>
    /// <param name="set">The images.</param>
    /// <param name="batch">Images that are run at once.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    /// <returns>For each image whether the answer is right; null where one of the answers is NaN or infinite.</returns>
    /// <exception cref="AuditException">An image cannot be read.</exception>
    public static bool[]? Right(GraphModule network, TensorNormalisation normalisation, TrainingSet set, int batch, CancellationToken cancellation)
    {
        List<bool> right = [];
        network.Training = false;
        using IDisposable gradients = no_grad();
        foreach (Batch images in set.Batches(batch))
        {
            cancellation.ThrowIfCancellationRequested();
            using DisposeScope scope = NewDisposeScope();
            Tensor logits = new TrainingStep(network, images, normalisation, seed: 0, number: 0, progress: 0).Logits();
            if (!logits.isfinite().all().item<bool>())
            {
                return null;
            }

            right.AddRange(logits.argmax(1).ToLongs().Zip(images.Labels, (answer, label) => answer == label));
        }

        return [.. right];
    }
}
