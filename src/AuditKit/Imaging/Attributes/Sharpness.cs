namespace AuditKit.Imaging.Attributes;

/// <summary>
/// How much fine detail an image has: the variance of its Laplacian (Pech-Pacheco et al., Diatom autofocusing in
/// brightfield microscopy, ICPR 2000).
/// </summary>
public static class Sharpness
{
    internal const string Description =
        "Variance of the luma's four-neighbour Laplacian over the inner pixels, luma 0–255 (Pech-Pacheco et al. 2000): low when blurred.";

    /// <summary>
    /// The population variance of L(y−1,x) + L(y+1,x) + L(y,x−1) + L(y,x+1) − 4·L(y,x) over pixels with four
    /// neighbours, in squared luma steps (0–255); 0 for an image without such pixels.
    /// </summary>
    public static double Of(Image image)
    {
        ReadOnlySpan<byte> luma = Luma.Of(image);
        int width = image.Width;
        long sum = 0, squares = 0, count = (long)Math.Max(0, width - 2) * Math.Max(0, image.Height - 2);
        for (int y = 1; y < image.Height - 1; y++)
        {
            ReadOnlySpan<byte> above = luma[((y - 1) * width)..], row = luma[(y * width)..], below = luma[((y + 1) * width)..];
            for (int x = 1; x < width - 1; x++)
            {
                int laplacian = above[x] + below[x] + row[x - 1] + row[x + 1] - (4 * row[x]);
                sum += laplacian;
                squares += laplacian * laplacian;
            }
        }

        return count == 0 ? 0 : (double)(((Int128)squares * count) - ((Int128)sum * sum)) / ((double)count * count);
    }
}
