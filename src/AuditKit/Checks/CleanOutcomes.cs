using AuditKit.Evidence;

namespace AuditKit.Checks;

/// <summary>What the evidence says of every image as it is: its label and the model's prediction, by image index.</summary>
public sealed class CleanOutcomes
{
    private CleanOutcomes(int[] labels, Prediction[] predictions) => (Labels, Predictions) = (labels, predictions);

    /// <summary>The images' classes.</summary>
    public int[] Labels { get; }

    /// <summary>Their predictions.</summary>
    public Prediction[] Predictions { get; }

    /// <summary>Number of images N.</summary>
    public int Count => Labels.Length;

    /// <summary>Whether an image is predicted as labelled.</summary>
    public bool IsCorrect(int image) => Predictions[image].Predicted == Labels[image];

    /// <summary>Reads them.</summary>
    /// <exception cref="AuditException">The evidence is not complete.</exception>
    public static CleanOutcomes Read(EvidenceStore evidence)
        => new(evidence.Labels(), ReadPredictions(evidence, Condition.Clean));

    /// <summary>The predictions of every image under a condition, by image index.</summary>
    /// <exception cref="AuditException">The evidence is not complete.</exception>
    public static Prediction[] ReadPredictions(EvidenceStore evidence, Condition condition)
    {
        var predictions = new Prediction[evidence.ImageCount];
        int count = 0;
        foreach (Prediction prediction in evidence.Predictions(condition))
        {
            predictions[count++] = prediction;
        }

        return count == predictions.Length
            ? predictions
            : throw new AuditException(
                $"The evidence has {count} of {predictions.Length} images under '{condition}': run the audit to its end first.", ExitCode.Error);
    }
}
