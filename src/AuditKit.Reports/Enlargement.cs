using AuditKit.Imaging;

namespace AuditKit.Reports;

/// <summary>Shows small images larger, by whole factors, so that every pixel stays a square.</summary>
internal static class Enlargement
{
    /// <summary>The least whole factor that makes an image at least so wide.</summary>
    public static int FactorTo(this Image image, int width) => Math.Max(1, (width + image.Width - 1) / image.Width);

    /// <summary>The image with every pixel repeated, at least so wide.</summary>
    public static Image EnlargedTo(this Image image, int width)
    {
        int factor = image.FactorTo(width);
        if (factor == 1)
        {
            return image;
        }

        var enlarged = new Image(image.Width * factor, image.Height * factor, image.Channels);
        int at = 0;
        for (int y = 0; y < enlarged.Height; y++)
        {
            for (int x = 0; x < enlarged.Width; x++)
            {
                for (int c = 0; c < image.Channels; c++)
                {
                    enlarged.Samples[at++] = image[y / factor, x / factor, c];
                }
            }
        }

        return enlarged;
    }
}
