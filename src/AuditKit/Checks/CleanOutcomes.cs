using AuditKit.Evidence;

namespace AuditKit.Checks;

/// <summary>What the evidence says of every image as it is: its record and the model's prediction, by image index.</summary>
public sealed class CleanOutcomes
{
    private CleanOutcomes(ImageRecord[] images, Prediction[] predictions) => (Images, Predictions) = (images, predictions);

    /// <summary>The images.</summary>
    public ImageRecord[] Images { get; }

    /// <summary>Their predictions.</summary>
    public Prediction[] Predictions { get; }

    /// <summary>Number of images N.</summary>
    public int Count => Images.Length;

    /// <summary>Whether an image is predicted as labelled.</summary>
    public bool IsCorrect(int image) => Predictions[image].Predicted == Images[image].Label;

    /// <summary>Reads them.</summary>
    /// <exception cref="AuditException">The evidence is not complete.</exception>
    public static CleanOutcomes Read(EvidenceStore evidence)
        => new([.. evidence.Images()], ReadPredictions(evidence, Condition.Clean));

    /// <summary>The predictions of every image under a condition, by image index.</summary>
    /// <exception cref="AuditException">The evidence is not complete.</exception>
    public static Prediction[] ReadPredictions(EvidenceStore evidence, Condition condition)
    {
        Prediction[] predictions = [.. evidence.Predictions(condition)];
        return predictions.Length == evidence.ImageCount
            ? predictions
            : throw new AuditException(
                $"The evidence has {predictions.Length} of {evidence.ImageCount} images under '{condition}': run the audit to its end first.",
                ExitCode.Error);
    }
}
