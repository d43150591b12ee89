using AuditKit.Evidence;
using AuditKit.Imaging;
using AuditKit.Results;

namespace AuditKit.Checks;

/// <summary>
/// An image as it is beside its perturbed (or attacked) copy, which the model answers differently: kept in the evidence and
/// shown side by side.
/// </summary>
internal static class ChangedAnswer
{
    /// <summary>What the evidence calls the image as it is.</summary>
    public const string Original = "original";

    /// <summary>Keeps an image and its perturbed copy.</summary>
    /// <param name="context">The check under way.</param>
    /// <param name="condition">The perturbed copy's heading in the evidence.</param>
    /// <param name="image">The image's index.</param>
    /// <param name="label">What the evidence calls the perturbed copy.</param>
    /// <param name="perturbed">C×H×W pixels of the perturbed copy.</param>
    public static void Write(CheckContext context, Condition condition, int image, string label, ReadOnlySpan<float> perturbed)
    {
        InputShape input = context.Model.Input;
        float[] original = new float[input.Length];
        InputImage.Load(context.Data, context.Transform, image, original);
        context.Evidence.WriteExample(condition, image, Original, InputImage.From(original, input));
        context.Evidence.WriteExample(condition, image, label, InputImage.From(perturbed, input));
    }

    /// <summary>The kept images, with both answers.</summary>
    /// <param name="evidence">The evidence.</param>
    /// <param name="condition">The perturbed copies' heading in it.</param>
    /// <param name="perturbation">What the report calls the perturbation.</param>
    /// <param name="clean">The answers to the images as they are.</param>
    /// <param name="perturbed">The answer to an image's perturbed copy.</param>
    public static IEnumerable<Example> Read(
        EvidenceStore evidence, Condition condition, string perturbation, CleanOutcomes clean, Func<int, Prediction> perturbed)
        => evidence.Examples(condition).GroupBy(panel => panel.Image).Select(panels =>
        {
            ImageRecord image = evidence.Image(panels.Key);
            string before = Answer(clean.Predictions[panels.Key]), after = Answer(perturbed(panels.Key));
            return new Example(
                $"{image.Source}, labelled {evidence.Classes[image.Label]}: {perturbation} turns {before} into {after}.",
                [
                    .. panels.Select(panel => new ExamplePanel(
                        panel.Label == Original ? $"unchanged: {before}" : $"{perturbation}: {after}",
                        panel.Pixels)),
                ])
            {
                Image = panels.Key,
                Facts = [new("Class", evidence.Classes[image.Label]), new("Changed by", perturbation)],
            };

            string Answer(Prediction prediction) => $"{evidence.Classes[prediction.Predicted]} ({NumberText.Percent(prediction.Confidence)})";
        });
}
