namespace AuditKit.Imaging;

/// <summary>
/// THUMB-A (Zheng et al. 2016): shrunk to A pixels in all, its aspect kept, and resized back. The paper names no
/// filters; here Lanczos shrinks, as thumbnails are usually made, and bilinear enlarges, as inputs usually are.
/// </summary>
/// <param name="area">The thumbnail's size A in pixels, at least 1: 196 are 14×14 of a square image.</param>
public sealed class Thumbnail(int area) : IPerturbation
{
    /// <inheritdoc/>
    public string Name => $"thumb-{area}";

    /// <inheritdoc/>
    public string Description =>
        $"Shrunk to {area} pixels in all, aspect kept (Lanczos), then resized back (bilinear); antialiased, as Pillow.";

    /// <inheritdoc/>
    /// <exception cref="AuditException">The image has no more pixels than the thumbnail, so nothing would be tested.</exception>
    public Image Apply(Image image, CounterRandom random)
    {
        ArgumentNullException.ThrowIfNull(image);
        long pixels = (long)image.Width * image.Height;
        if (pixels <= area)
        {
            throw new AuditException(
                $"{Name} does not shrink an image of {image.Width}×{image.Height} pixels. Use fewer than {pixels} pixels.");
        }

        double scale = Math.Sqrt((double)area / pixels);
        Image small = Resampler.Resize(image, Scaled(image.Width), Scaled(image.Height), ResampleFilter.Lanczos);
        return Resampler.Resize(small, image.Width, image.Height, ResampleFilter.Bilinear);

        int Scaled(int length) => Math.Max(1, (int)Math.Round(length * scale));
    }
}
