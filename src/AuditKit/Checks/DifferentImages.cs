using AuditKit.Evidence;

namespace AuditKit.Checks;

/// <summary>
/// Distances between the embeddings of every image and of one other, drawn at random: what distances between an image
/// and its perturbed copy are compared with.
/// </summary>
internal static class DifferentImages
{
    /// <summary>Keys the draws of partners.</summary>
    private const string Draws = "different-images";

    /// <summary>The condition that the distances are kept under.</summary>
    public static Condition Pairs { get; } = new(ConditionKind.Distances, "", "different images");

    private const int PairsAtOnce = 1000;

    /// <summary>
    /// Pairs the images that <see cref="InferencePass.RunClean(CheckContext)"/> measured. Where the model gives no embedding, or there
    /// is one image only, there is nothing to pair.
    /// </summary>
    public static void Run(CheckContext context)
    {
        if (!context.Share.SeesAll)
        {
            // The other image of a pair is mostly another shard's.
            context.Share.Announce(context.Evidence, Pairs);
            return;
        }

        Prediction[] clean = [.. context.Evidence.Predictions(Condition.Clean)];
        if (context.Model.EmbeddingLength == 0 || clean.Length < 2)
        {
            return;
        }

        // Another number of images would draw other pairs.
        if (clean.Length != context.Data.Count)
        {
            throw new AuditException($"only {clean.Length} of {context.Data.Count} images were measured, so that they cannot be paired. Run the audit to its end.",
                ExitCode.Error);
        }

        bool[] done = context.Evidence.PredictedImages(Pairs);
        float[] embedding = new float[context.Model.EmbeddingLength];
        float[] other = new float[context.Model.EmbeddingLength];
        foreach (Prediction[] images in clean.Where(prediction => !done[prediction.Image]).Chunk(PairsAtOnce))
        {
            context.Cancellation.ThrowIfCancellationRequested();
            context.Evidence.Write(Pairs, [.. images.Select(prediction => prediction with { Distance = Distance(prediction.Image) })]);
        }

        float Distance(int image)
        {
            // Uniform over the other images: N − 1 numbers, those from the image on moved up by one.
            int partner = CounterRandom.For(context.Seed, Draws, image).NextInt32(clean.Length - 1);
            partner += partner >= image ? 1 : 0;
            return context.Evidence.TryReadEmbedding(Condition.Clean, image, embedding) && context.Evidence.TryReadEmbedding(Condition.Clean, partner, other)
                ? Embedding.Distance(embedding, other)
                : float.NaN;
        }
    }
}
