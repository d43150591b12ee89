using AuditKit.Imaging;

namespace AuditKit.Training.Loop;

/// <summary>One batch, ready for the network.</summary>
/// <param name="Input">The shape of one image.</param>
/// <param name="Versions">For each version of the images n×C×H×W floats in [0, 1]; the images themselves come first.</param>
/// <param name="Labels">n classes.</param>
/// <param name="Groups">n groups.</param>
/// <param name="Images">n indices into the data.</param>
public sealed record Batch(InputShape Input, IReadOnlyList<float[]> Versions, long[] Labels, int[] Groups, int[] Images)
{
    /// <summary>Images n.</summary>
    public int Count => Labels.Length;

    /// <summary>The batch's first images.</summary>
    /// <param name="count">How many, at most n.</param>
    public Batch First(int count)
        => new(Input, [.. Versions.Select(pixels => pixels[..(count * Input.Length)])], Labels[..count], Groups[..count], Images[..count]);
}
