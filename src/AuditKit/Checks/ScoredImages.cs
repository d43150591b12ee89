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

        int[] labels = [.. evidence.Images().Select(image => image.Label)];
        return found == images.Count
            ? new ClassScores(classes, [.. images.Select(image => labels[image])], logits)
            : throw new AuditException(
                $"The evidence has logits for {found} of {images.Count} images under '{condition}': run the audit to its end first.", ExitCode.Error);
    }
}
