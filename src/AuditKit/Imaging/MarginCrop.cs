namespace AuditKit.Imaging;

/// <summary>
/// CROP-o (Zheng et al. 2016): each of the four margins moves inwards by its own random offset, and what is left is
/// resized back. The paper's o = 10 is for images of about 300 pixels a side: 2 is much for 32 pixels.
/// </summary>
/// <param name="offset">The largest offset o in pixels, at least 1; offsets are uniform in 0..o.</param>
public sealed class MarginCrop(int offset) : IPerturbation
{
    /// <inheritdoc/>
    public string Name => $"crop-{offset}";

    /// <inheritdoc/>
    public string Description =>
        $"Each of the four margins cropped by an independent, uniform offset of 0 to {offset} pixels, then resized back (bilinear, antialiased, as Pillow).";

    /// <inheritdoc/>
    /// <exception cref="AuditException">The crop could leave nothing of the image.</exception>
    public Image Apply(Image image, CounterRandom random)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(random);
        if (Math.Min(image.Width, image.Height) <= 2L * offset)
        {
            throw new AuditException(
                $"{Name} could crop all of an image of {image.Width}×{image.Height} pixels. Use a smaller offset.");
        }

        int left = random.NextInt32(offset + 1);
        int top = random.NextInt32(offset + 1);
        int right = random.NextInt32(offset + 1);
        int bottom = random.NextInt32(offset + 1);
        Image inner = image.Crop(left, top, image.Width - left - right, image.Height - top - bottom);
        return Resampler.Resize(inner, image.Width, image.Height, ResampleFilter.Bilinear);
    }
}
