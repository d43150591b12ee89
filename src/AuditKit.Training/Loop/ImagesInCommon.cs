using AuditKit.Data;

namespace AuditKit.Training.Loop;

/// <summary>
/// Images that a training uses for two things, whatever they are called: learnt from and chosen by, or either and tested on. Figures of such images
/// are too good, and a reader must know.
/// </summary>
internal static class ImagesInCommon
{
    /// <summary>What a card says of them, a sentence each; nothing where all images are different ones.</summary>
    /// <param name="data">The images to learn from, and those to choose the epoch by.</param>
    /// <param name="test">The images that the finished model is measured on.</param>
    /// <param name="threads">Images read at the same time.</param>
    /// <param name="cancellation">Stops between images.</param>
    /// <exception cref="AuditException">An image cannot be read.</exception>
    public static IEnumerable<string> Notes(SplitData data, IDataset test, int threads, CancellationToken cancellation)
    {
        ImageDigests learnt = ImageDigests.Of(data.Training, data.TrainingImages, threads, cancellation);
        ImageDigests chosen = ImageDigests.Of(data.Validation, data.ValidationImages, threads, cancellation);
        ImageDigests tested = ImageDigests.Of(test, threads, cancellation);
        if (learnt.Shared(chosen) is > 0 and var both)
        {
            yield return $"{Of(both, chosen, "validation")} also learnt from, so that the epoch is chosen by what the model may know by heart.";
        }

        if (learnt.Shared(tested) is > 0 and var known)
        {
            yield return $"{Of(known, tested, "test")} also learnt from: the test figures flatter the model.";
        }

        if (chosen.Shared(tested) is > 0 and var judged)
        {
            yield return $"{Of(judged, tested, "test")} also what the epoch was chosen by: the test figures flatter the model.";
        }
    }

    private static string Of(int some, ImageDigests all, string what) => some == all.Count && some > 1 ? $"All {NumberText.Count(some)} {what} images are"
        : $"{NumberText.Count(some)} of the {NumberText.Count(all.Count)} {what} images {(some == 1 ? "is" : "are")}";
}
