namespace AuditKit.Imaging.Augmentations;

/// <summary>
/// Affine transforms by nearest neighbour, black where the source ends: shear, translation, rotation. Sample for sample
/// what Pillow's <c>transform(AFFINE)</c> and <c>rotate</c> give, fixed point included.
/// </summary>
public static class Affine
{
    /// <summary>Row y is shifted by <paramref name="shear"/>·y pixels to the left.</summary>
    public static Image ShearX(Image image, double shear) => Transform(image, 1, shear, 0, 0, 1, 0);

    /// <summary>Column x is shifted by <paramref name="shear"/>·x pixels upwards.</summary>
    public static Image ShearY(Image image, double shear) => Transform(image, 1, 0, 0, shear, 1, 0);

    /// <summary>The image shifted by a number of pixels to the left.</summary>
    public static Image TranslateX(Image image, double pixels) => Transform(image, 1, 0, pixels, 0, 1, 0);

    /// <summary>The image shifted by a number of pixels upwards.</summary>
    public static Image TranslateY(Image image, double pixels) => Transform(image, 1, 0, 0, 0, 1, pixels);

    /// <summary>The image turned counter-clockwise about its centre.</summary>
    /// <param name="image">The original.</param>
    /// <param name="degrees">The angle, between −90 and 90 exclusively.</param>
    public static Image Rotate(Image image, double degrees)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(Math.Abs(degrees), 90, nameof(degrees));
        double radians = -degrees * (Math.PI / 180);
        double cosine = Math.Round(Math.Cos(radians), 15);
        double sine = Math.Round(Math.Sin(radians), 15);
        (double x, double y) = (image.Width / 2.0, image.Height / 2.0);
        return Transform(image, cosine, sine, (cosine * -x) + (sine * -y) + x, -sine, cosine, (-sine * -x) + (cosine * -y) + y);
    }

    // The output pixel (x, y) shows the source pixel (a·x + b·y + c, d·x + e·y + f), taken at pixel centres.
    private static Image Transform(Image image, double a, double b, double c, double d, double e, double f)
    {
        ArgumentNullException.ThrowIfNull(image);
        var result = new Image(image.Width, image.Height, image.Channels);
        if (b == 0 && d == 0)
        {
            Translate(image, c + (a * 0.5), f + (e * 0.5), result);
            return result;
        }

        (int stepX, int stepY) = (Fixed(a), Fixed(d));
        (int rowX, int rowY) = (Fixed(c + (a * 0.5) + (b * 0.5)), Fixed(f + (d * 0.5) + (e * 0.5)));
        for (int y = 0; y < image.Height; y++)
        {
            (int sourceX, int sourceY) = (rowX, rowY);
            for (int x = 0; x < image.Width; x++)
            {
                Copy(image, sourceX >> 16, sourceY >> 16, result, x, y);
                sourceX += stepX;
                sourceY += stepY;
            }

            rowX += Fixed(b);
            rowY += Fixed(e);
        }

        return result;
    }

    private static void Translate(Image image, double left, double top, Image result)
    {
        for (int y = 0; y < image.Height; y++)
        {
            for (int x = 0; x < image.Width; x++)
            {
                Copy(image, Cut(left + x), Cut(top + y), result, x, y);
            }
        }

        static int Cut(double coordinate) => coordinate < 0 ? -1 : (int)coordinate;
    }

    private static void Copy(Image image, int sourceX, int sourceY, Image result, int x, int y)
    {
        if ((uint)sourceX < (uint)image.Width && (uint)sourceY < (uint)image.Height)
        {
            int channels = image.Channels;
            image.Samples.AsSpan(((sourceY * image.Width) + sourceX) * channels, channels)
                .CopyTo(result.Samples.AsSpan(((y * image.Width) + x) * channels));
        }
    }

    // 16.16 fixed point.
    private static int Fixed(double value) => (int)Math.Floor((value * 65536) + 0.5);
}
