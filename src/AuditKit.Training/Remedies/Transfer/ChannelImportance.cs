using AuditKit.Models.Onnx;
using AuditKit.Statistics;
using AuditKit.Training.Graphs;
using AuditKit.Training.Loop;
using MathNet.Numerics.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.Transfer;

/// <summary>
/// What each channel of some layers is worth to the target task (Li et al., DELTA, ICLR 2019, section 3.2): the rise of the
/// loss when the channel is cut, the encoder as it started and in evaluation mode, behind a linear classifier that is fitted to its
/// embeddings first. As in the authors' code, but for the number of images (64 of theirs 256) and the classifier (L-BFGS).
/// </summary>
internal static class ChannelImportance
{
    private const int Images = 64, FittedImages = 1000;

    /// <summary>softmax(z/5) over a layer's channels, z being the rise less its mean, over its standard deviation.</summary>
    /// <param name="rises">A layer's rises of the loss.</param>
    public static double[] Weights(IReadOnlyList<double> rises)
    {
        (double mean, double deviation) = (rises.Mean(), rises.PopulationStandardDeviation());
        double[] exponentials = [.. rises.Select(rise => Math.Exp(deviation > 0 ? (rise - mean) / deviation / 5 : 0))];
        return [.. exponentials.Select(exponential => exponential / exponentials.Sum())];
    }

    /// <summary>For each layer the rise of the mean cross-entropy when one of its channels is set to zero.</summary>
    /// <param name="task">The network before training, and the data.</param>
    /// <param name="layers">Names of N×C×… values.</param>
    /// <param name="value">The name of the embedding's value; null for the one that an audit takes.</param>
    /// <exception cref="AuditException">An image cannot be read, or the network has no embedding.</exception>
    public static IReadOnlyList<double[]> Rises(TrainingTask task, IReadOnlyList<string> layers, string? value = null)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable gradients = no_grad();
        string embedding = task.WithEmbedding(value).Embedding!;
        int[] order = [.. task.Images];
        CounterRandom.For(task.Recipe.Seed, "delta/images", 0).Shuffle(order);
        int[] fitted = [.. order.Take(FittedImages)];
        var embeddings = Embeddings.Of(
            task.Network, embedding, task.Normalisation, new TrainingSet(task.Data, task.Transform, fitted, task.Groups), task.Recipe.Batch,
            done => task.Progress("embedding images for the importance of channels", done, fitted.Length), task.Cancellation);
        var probe = LinearProbe.Train([.. embeddings.Values.Chunk(embeddings.Length)], embeddings.Classes, task.Data.Classes.Count);
        var normalisation = new TensorNormalisation(task.Normalisation, task.Network.Device);
        var rises = layers.Select(_ => new List<double[]>()).ToArray();
        foreach (Batch batch in new TrainingSet(task.Data, task.Transform, [.. fitted.Take(Images)], task.Groups).Batches(task.Recipe.Batch))
        {
            foreach ((int i, string layer) in layers.Index())
            {
                rises[i].Add(OfBatch(batch, layer));
            }
        }

        // Sums over images of each batch.
        return [.. rises.Select(layer => Enumerable.Range(0, layer[0].Length)
            .Select(channel => layer.Sum(batch => batch[channel]) / Math.Min(Images, fitted.Length)).ToArray())];

        double[] OfBatch(Batch batch, string layer)
        {
            using DisposeScope inner = NewDisposeScope();
            string[] beside = Beside(task.Network, layer, embedding);
            Tensor[] values = new TrainingStep(task.Network, batch, normalisation, task.Recipe.Seed, number: 0, progress: 0).Run([embedding, layer, .. beside]);
            double whole = Loss(values[0], batch);
            Dictionary<string, Tensor> given = beside.Zip(values.Skip(2)).ToDictionary();
            double[] result = new double[values[1].shape[1]];
            for (int channel = 0; channel < result.Length; channel++)
            {
                task.Cancellation.ThrowIfCancellationRequested();
                using DisposeScope cut = NewDisposeScope();
                given[layer] = values[1].clone();
                given[layer].narrow(1, channel, 1).zero_();
                result[channel] = Loss(task.Network.Run(given, embedding)[0], batch) - whole;
                task.Progress($"importance of the channels of {layer}", channel + 1, result.Length);
            }

            return result;
        }

        // The sum over the images of −log p(label).
        double Loss(Tensor embeddings, Batch batch)
        {
            var scores = new ClassScores(
                task.Data.Classes.Count, [.. batch.Labels.Select(label => (int)label)], [.. Rows(embeddings).SelectMany(row => probe.Logits(row))]);
            return -Enumerable.Range(0, scores.Count).Sum(scores.LogLikelihood);
        }
    }

    private static IEnumerable<float[]> Rows(Tensor embeddings)
    {
        Tensor flat = embeddings.flatten(1);
        return flat.ToFloats().Chunk((int)flat.shape[1]);
    }

    /// <summary>The values, not computed from a layer, that what follows it needs beside it: where another path joins.</summary>
    private static string[] Beside(GraphModule network, string layer, string embedding)
    {
        HashSet<string> after = [layer];
        HashSet<string> given = [];
        HashSet<string> computed = [.. network.Graph.RequiredInputs.Select(input => input.Name)];
        foreach (Node node in network.Nodes)
        {
            if (node.Inputs.Any(after.Contains) && !node.Outputs.Contains(layer))
            {
                given.UnionWith(node.Inputs.Where(input => computed.Contains(input) && !after.Contains(input)));
                after.UnionWith(node.Outputs);
            }

            computed.UnionWith(node.Outputs);
        }

        return after.Contains(embedding) ? [.. given]
            : throw new AuditException($"the embedding '{embedding}' is not computed from the layer '{layer}', which method.layers names.");
    }
}
