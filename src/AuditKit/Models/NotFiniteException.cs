namespace AuditKit.Models;

/// <summary>A model gave NaN or infinity for some images of a batch; what it gave for the others is right.</summary>
/// <param name="path">The model's file.</param>
/// <param name="images">The places of these images in the batch, from 0.</param>
public sealed class NotFiniteException(string path, IReadOnlyList<int> images) : AuditException(
    $"{path}: the model gave NaN or infinity for image {string.Join(", ", images.Take(Named))}{(images.Count > Named ? " …" : "")} of the batch "
        + $"(counted from 0). {Cause}",
    ExitCode.Error)
{
    /// <summary>What it comes from, as messages say it.</summary>
    internal const string Cause = "Its weights may be damaged, its 16-bit floats overflow, or its range, mean and std be wrong.";

    private const int Named = 5;

    /// <summary>The places of these images in the batch, from 0.</summary>
    public IReadOnlyList<int> Images { get; } = images;

    /// <summary>The same of images of a data set, by their sources.</summary>
    /// <param name="sources">Where these images come from.</param>
    /// <param name="count">How many images were looked at.</param>
    /// <param name="condition">What was done to them.</param>
    internal static AuditException Of(IReadOnlyList<string> sources, int count, string condition) => new(
        $"{condition}: the model gave NaN or infinity for {sources.Count} of {count} images: {string.Join(", ", sources.Take(Named))}"
            + $"{(sources.Count > Named ? " …" : "")}. {Cause}",
        ExitCode.Error);
}
