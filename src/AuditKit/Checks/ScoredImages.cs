using AuditKit.Evidence;
using AuditKit.Statistics;

namespace AuditKit.Checks;

/// <summary>Logits in the evidence, with the labels of their images.</summary>
internal static class ScoredImages
{
    /// <summary>The scores of some images under a condition, in the order given.</summary>
    /// <exception cref="AuditException">The evidence is not complete.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ClassScores Read(EvidenceStore evidence, Condition condition, IReadOnlyList<int> images, CancellationToken cancellation = default)
        => Read(evidence, condition, images, evidence.Labels(), cancellation);

    /// <summary>The same where the evidence is a shard's, which does not know the labels.</summary>
    /// <param name="evidence">The evidence.</param>
    /// <param name="condition">The condition.</param>
    /// <param name="images">Indices of the images.</param>
    /// <param name="labels">The labels of all images.</param>
    /// <param name="cancellation">Stops.</param>
    /// <inheritdoc cref="Read(EvidenceStore, Condition, IReadOnlyList{int}, CancellationToken)" path="/exception"/>
    public static ClassScores Read(
        EvidenceStore evidence, Condition condition, IReadOnlyList<int> images, IReadOnlyList<int> labels, CancellationToken cancellation = default)
    {
        int classes = evidence.Classes.Count;
        int[] place = [.. Enumerable.Repeat(-1, evidence.ImageCount)];
        foreach ((int i, int image) in images.Index())
        {
            place[image] = i;
        }

        float[] logits = new float[images.Count * classes];
        int found = 0;
        foreach ((int image, float[] row) in evidence.Logits(condition).Where(row => place[row.Image] >= 0))
        {
            cancellation.ThrowIfCancellationRequested();
            if (row.Length != classes)
            {
                throw new AuditException($"The evidence has {row.Length} logits for image {image} under '{condition}', not {classes}.", ExitCode.Error);
            }

            row.CopyTo(logits, place[image] * classes);
            found++;
        }

        return found == images.Count
            ? new ClassScores(classes, [.. images.Select(image => labels[image])], logits)
            : throw new AuditException(
                $"The evidence has logits for {found} of {images.Count} images under '{condition}': run the audit to its end first.", ExitCode.Error);
    }
}
