using AuditKit.Imaging;

namespace AuditKit.Training.Loop;

/// <summary>One batch, ready for the network.</summary>
/// <param name="Input">The shape of one image.</param>
/// <param name="Pixels">For each version of the images n×C×H×W floats in [0, 1]; the images themselves come first. Read when they are asked for.</param>
/// <param name="Labels">n classes.</param>
/// <param name="Groups">n groups.</param>
/// <param name="Images">n indices into the data.</param>
public sealed record Batch(InputShape Input, Lazy<IReadOnlyList<float[]>> Pixels, long[] Labels, int[] Groups, int[] Images)
{
    /// <summary>A batch whose pixels are there.</summary>
    /// <param name="input">The shape of one image.</param>
    /// <param name="versions">For each version of the images n×C×H×W floats in [0, 1]; the images themselves come first.</param>
    /// <param name="labels">n classes.</param>
    /// <param name="groups">n groups.</param>
    /// <param name="images">n indices into the data.</param>
    public Batch(InputShape input, IReadOnlyList<float[]> versions, long[] labels, int[] groups, int[] images)
        : this(input, new Lazy<IReadOnlyList<float[]>>(versions), labels, groups, images)
    {
    }

    /// <summary>For each version of the images n×C×H×W floats in [0, 1]; the images themselves come first.</summary>
    /// <exception cref="AuditException">An image cannot be read.</exception>
    public IReadOnlyList<float[]> Versions => Pixels.Value;

    /// <summary>What is kept of a value of the network for the images as they are, n×D, so that it need not be computed; null for nothing.</summary>
    public KeptEmbeddings? Embeddings { get; init; }

    /// <summary>Images n.</summary>
    public int Count => Labels.Length;

    /// <summary>The batch's first images.</summary>
    /// <param name="count">How many, at most n.</param>
    public Batch First(int count)
        => new(
            Input,
            new Lazy<IReadOnlyList<float[]>>(() => [.. Versions.Select(pixels => pixels[..(count * Input.Length)])]),
            Labels[..count], Groups[..count], Images[..count])
        {
            Embeddings = Embeddings?.Part([.. Enumerable.Range(0, count)]),
        };
}
