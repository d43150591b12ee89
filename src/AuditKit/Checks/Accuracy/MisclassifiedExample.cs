using AuditKit.Evidence;
using AuditKit.Results;

namespace AuditKit.Checks.Accuracy;

/// <summary>Images that the model gets wrong as they are: some of every class, kept in the evidence and shown.</summary>
internal static class MisclassifiedExample
{
    /// <summary>The most images kept in all, and of one class.</summary>
    private const int Most = 40, MostOfClass = 4;

    // The check's own, so that they go when the check leaves the spec.
    private static readonly Condition s_condition = new(ConditionKind.Shown, AccuracyCheck.Key, "misclassified");

    /// <summary>Keeps some misclassified images, drawn by the seed, as many of each class as there is room for.</summary>
    public static void Keep(CheckContext context)
    {
        var clean = CleanOutcomes.Read(context.Evidence);
        int[] kept =
        [
            .. Enumerable.Range(0, clean.Count).Where(image => !clean.IsCorrect(image))
                .GroupBy(image => clean.Labels[image])
                .SelectMany(ofClass => Drawn(context.Seed, [.. ofClass]).Take(MostOfClass).Index())
                .OrderBy(drawn => drawn.Index).Take(Most).Select(drawn => drawn.Item).Order(),
        ];
        float[] pixels = new float[context.Model.Input.Length];
        foreach (int image in kept)
        {
            InputImage.Load(context.Data, context.Transform, image, pixels);
            context.Evidence.WriteExample(s_condition, image, ChangedAnswer.Original, InputImage.From(pixels, context.Model.Input));
        }
    }

    /// <summary>The kept images, with label and answer.</summary>
    public static IEnumerable<Example> Read(EvidenceStore evidence, CleanOutcomes clean)
        => evidence.Examples(s_condition).Select(kept =>
        {
            ImageRecord image = evidence.Image(kept.Image);
            Prediction answer = clean.Predictions[kept.Image];
            (string label, string predicted) = (evidence.Classes[image.Label], evidence.Classes[answer.Predicted]);
            return new Example(
                $"{image.Source}: {label}, taken for {predicted}.",
                [new ExamplePanel($"answer: {predicted} ({NumberText.Percent(answer.Confidence)})", kept.Pixels)])
            {
                Image = kept.Image,
                Facts = [new("Class", label), new("Changed by", "nothing")],
            };
        });

    private static IEnumerable<int> Drawn(long seed, int[] images)
        => images.OrderBy(image => CounterRandom.For(seed, "misclassified example", image).NextUInt32()).ThenBy(image => image);
}
