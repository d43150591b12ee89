using AuditKit.Checks;
using AuditKit.Evidence;
using AuditKit.Imaging;
using AuditKit.Models;
using AuditKit.Statistics;

namespace AuditKit.Run;

/// <summary>
/// Answers of the model under the usual preprocessings that the spec does not name, on a few of the audited images: with a wrong
/// preprocessing a model still answers, only worse, and nothing else would show it.
/// </summary>
internal static class OtherPreprocessings
{
    // All are tried on a few images; those that do better there than the spec's, on more.
    internal const int Few = 64;
    internal const int More = 500;
    private const int Retried = 3;

    /// <summary>Measures what the evidence has not yet.</summary>
    /// <param name="context">What to measure with, the clean answers being there already.</param>
    /// <exception cref="AuditException">An image cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static void Measure(CheckContext context)
    {
        if (!Array.TrueForAll(context.Evidence.PredictedImages(Condition.Clean), done => done))
        {
            return;
        }

        int[] images = [.. Enumerable.Range(0, context.Data.Count)];
        CounterRandom.For(context.Seed, "other preprocessings", 0).Shuffle(images);
        int[] few = images[..Math.Min(Few, images.Length)];
        bool coloured = few.Take(8).Any(image => context.Data.Load(image).Channels == 3);
        using AuditedModel bare = context.Models.Open(context.Audited.Spec.WithoutPreprocessing());
        UsualPreprocessing[] others =
        [
            .. UsualPreprocessing.For(context.Model.Input.Channels, coloured)
                .Where(usual => usual.Fits(bare) && !usual.IsThatOf(context.Audited.Spec)),
        ];
        var clean = CleanOutcomes.Read(context.Evidence);
        int right = few.Count(clean.IsCorrect);
        var better = others.Select(usual => (Usual: usual, Right: Answer(context, bare, usual, few)))
            .Where(each => each.Right > right).OrderByDescending(each => each.Right).Take(Retried);
        foreach ((UsualPreprocessing usual, _) in better.ToArray())
        {
            Answer(context, bare, usual, images[..Math.Min(More, images.Length)]);
        }
    }

    /// <summary>The condition of images that are prepared in a way.</summary>
    public static Condition Under(UsualPreprocessing usual) => new(
        ConditionKind.Preprocessed, "", usual.Name,
        ("range", usual.Range), ("channels", usual.Channels ?? ChannelOrder.Rgb), ("mean", string.Join(' ', usual.Mean)), ("std", string.Join(' ', usual.Std)));

    // How many images are right; 0 where the model fails on such numbers.
    private static int Answer(CheckContext context, AuditedModel bare, UsualPreprocessing usual, int[] images)
    {
        Condition condition = Under(usual);
        bool[] done = context.Evidence.PredictedImages(condition);
        InputTransform transform = (usual.Of(context.Audited.Spec)).Transform(bare.Classifier.Input);
        Normalisation normalisation = usual.Of(context.Audited.Spec).Options(default, 1).Normalisation(bare.Classifier.Input);
        (int length, int classes) = (bare.Classifier.Input.Length, bare.Classifier.Classes);
        foreach (int[] batch in images.Where(image => !done[image]).Chunk(bare.Classifier.PreferredBatch))
        {
            context.Cancellation.ThrowIfCancellationRequested();
            float[] pixels = new float[batch.Length * length], normalised = new float[pixels.Length], logits = new float[batch.Length * classes];
            ParallelLoop.Run(
                0, batch.Length, context.Threads, i => InputImage.Load(context.Data, transform, batch[i], pixels.AsSpan(i * length, length)),
                context.Cancellation);
            normalisation.Apply(pixels, normalised);
            try
            {
                bare.Classifier.Run(normalised, batch.Length, logits, []);
            }
            catch (AuditException)
            {
                return 0;
            }

            context.Evidence.Write(condition, [.. batch.Select((image, i) => Prediction(image, logits.AsSpan(i * classes, classes)))]);
        }

        HashSet<int> asked = [.. images];
        var clean = CleanOutcomes.Read(context.Evidence);
        return context.Evidence.Predictions(condition).Count(answer => asked.Contains(answer.Image) && answer.Predicted == clean.Images[answer.Image].Label);
    }

    private static Prediction Prediction(int image, ReadOnlySpan<float> logits)
    {
        int predicted = Softmax.Predict(logits);
        return new(image, predicted, (float)Softmax.Probability(logits, predicted), float.NaN);
    }
}
