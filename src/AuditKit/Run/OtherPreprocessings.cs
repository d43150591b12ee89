using AuditKit.Checks;
using AuditKit.Evidence;
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
        if (!context.Share.SeesAll || !Array.TrueForAll(context.Evidence.PredictedImages(Condition.Clean), done => done))
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
        Answer(context, bare, others, few);
        UsualPreprocessing[] better =
        [
            .. others.Select(usual => (Usual: usual, Right: Right(usual))).Where(each => each.Right > right)
                .OrderByDescending(each => each.Right).Take(Retried).Select(each => each.Usual),
        ];
        Answer(context, bare, better, images[..Math.Min(More, images.Length)]);

        int Right(UsualPreprocessing usual)
        {
            HashSet<int> asked = [.. few];
            return context.Evidence.Predictions(Under(usual)).Count(answer => asked.Contains(answer.Image)
                && answer.Predicted == clean.Labels[answer.Image]);
        }
    }

    /// <summary>The condition of images that are prepared in a way.</summary>
    public static Condition Under(UsualPreprocessing usual) => new(
        ConditionKind.Preprocessed, "", usual.Name,
        ("range", usual.Range), ("channels", usual.Channels ?? ChannelOrder.Rgb),
        ("mean", InvariantText.Join(" ", usual.Mean)), ("std", InvariantText.Join(" ", usual.Std)));

    // Where the model fails on such numbers there are no answers, and so none that are right.
    private static void Answer(CheckContext context, AuditedModel bare, UsualPreprocessing[] others, int[] images)
    {
        if (others.Length == 0)
        {
            return;
        }

        Dictionary<UsualPreprocessing, bool[]> done = others.ToDictionary(usual => usual, usual => context.Evidence.PredictedImages(Under(usual)));
        int[] asked = [.. images.Where(image => others.Any(usual => !done[usual][image]))];
        var trial = new PreprocessingTrial(bare, context.Audited.Spec, context.Data, context.Threads);
        int classes = bare.Classifier.Classes;
        foreach ((UsualPreprocessing usual, int first, ReadOnlyMemory<float> logits) in trial.Answers(others, asked, context.Cancellation))
        {
            context.Evidence.Write(Under(usual), [.. Enumerable.Range(0, logits.Length / classes).Where(i => !done[usual][asked[first + i]])
                .Select(i => Prediction(asked[first + i], logits.Span.Slice(i * classes, classes)))]);
        }
    }

    private static Prediction Prediction(int image, ReadOnlySpan<float> logits)
    {
        int predicted = Softmax.Predict(logits);
        return new(image, predicted, (float)Softmax.Probability(logits, predicted), float.NaN);
    }
}
