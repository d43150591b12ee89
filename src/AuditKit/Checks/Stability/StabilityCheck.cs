using AuditKit.Evidence;
using AuditKit.Imaging;
using AuditKit.Models;

namespace AuditKit.Checks.Stability;

/// <summary>
/// Predicts every image as it is and under each perturbation, with the distance that its embedding moves, and
/// measures the distances between different images to compare those with (Zheng et al., Improving the Robustness
/// of Deep Neural Networks via Stability Training, CVPR 2016).
/// </summary>
public sealed class StabilityCheck(StabilityOptions options) : ICheck
{
    /// <summary>The condition whose distances are those between an image and a randomly drawn other one.</summary>
    internal const string DifferentImages = "different-images";

    /// <summary>The label of an example's unchanged image.</summary>
    internal const string Original = "original";

    /// <summary>The label of an example's perturbed image.</summary>
    internal const string Perturbed = "perturbed";

    /// <summary>Flipped images kept for the report under each perturbation: those of the lowest indices.</summary>
    private const int Examples = 3;

    private const int PairsAtOnce = 1000;

    /// <inheritdoc/>
    public string Name => "stability";

    /// <inheritdoc/>
    public void Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        InferencePass.RunClean(context);
        Prediction[] clean = [.. context.Evidence.Predictions(InferencePass.Clean)];
        foreach (IPerturbation perturbation in options.Perturbations)
        {
            InferencePass.RunPerturbed(context, perturbation);
            KeepExamples(context, clean, perturbation);
        }

        if (context.Model.EmbeddingLength > 0 && clean.Length > 1)
        {
            PairDifferentImages(context, clean);
        }
    }

    private static void KeepExamples(CheckContext context, Prediction[] clean, IPerturbation perturbation)
    {
        int[] flipped = [.. context.Evidence.Predictions(perturbation.Name)
            .Where(prediction => prediction.Predicted != clean[prediction.Image].Predicted)
            .Select(prediction => prediction.Image)
            .Take(Examples)];
        InputShape input = context.Model.Input;
        float[] pixels = new float[input.Length];
        foreach (int image in flipped)
        {
            InputImage.Load(context.Data, context.Transform, image, pixels);
            context.Evidence.WriteExample(perturbation.Name, image, Original, InputImage.From(pixels, input));
            InferencePass.LoadPerturbed(context, perturbation, image, pixels);
            context.Evidence.WriteExample(perturbation.Name, image, Perturbed, InputImage.From(pixels, input));
        }
    }

    private static void PairDifferentImages(CheckContext context, Prediction[] clean)
    {
        bool[] done = context.Evidence.PredictedImages(DifferentImages);
        float[] embedding = new float[context.Model.EmbeddingLength];
        float[] other = new float[context.Model.EmbeddingLength];
        foreach (Prediction[] images in clean.Where(prediction => !done[prediction.Image]).Chunk(PairsAtOnce))
        {
            context.Cancellation.ThrowIfCancellationRequested();
            context.Evidence.Write(DifferentImages, [.. images.Select(prediction => prediction with { Distance = Distance(prediction.Image) })]);
        }

        float Distance(int image)
        {
            // Uniform over the other images: N − 1 numbers, those from the image on moved up by one.
            int partner = CounterRandom.For(context.Seed, DifferentImages, image).NextInt32(clean.Length - 1);
            partner += partner >= image ? 1 : 0;
            return context.Evidence.TryReadEmbedding(InferencePass.Clean, image, embedding) && context.Evidence.TryReadEmbedding(InferencePass.Clean, partner, other)
                ? Embedding.Distance(embedding, other)
                : float.NaN;
        }
    }
}
