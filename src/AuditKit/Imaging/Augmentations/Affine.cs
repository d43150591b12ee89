namespace AuditKit.Imaging.Augmentations;

/// <summary>
/// Affine transforms, black where the source ends: shear, translation, rotation. Sample for sample what Pillow's <c>transform(AFFINE)</c>
/// and <c>rotate</c> give: by nearest neighbour, fixed point included, or bilinear.
/// </summary>
public static class Affine
{
    /// <summary>Row y is shifted by <paramref name="shear"/>·y pixels to the left.</summary>
    /// <param name="image">The original.</param>
    /// <param name="shear">Pixels a row.</param>
    /// <param name="bilinear">Whether samples are mixed of the four pixels around, instead of the nearest one's.</param>
    public static Image ShearX(Image image, double shear, bool bilinear = false) => Transform(image, bilinear, 1, shear, 0, 0, 1, 0);

    /// <summary>Column x is shifted by <paramref name="shear"/>·x pixels upwards.</summary>
    /// <param name="image">The original.</param>
    /// <param name="shear">Pixels a column.</param>
    /// <param name="bilinear">Whether samples are mixed of the four pixels around, instead of the nearest one's.</param>
    public static Image ShearY(Image image, double shear, bool bilinear = false) => Transform(image, bilinear, 1, 0, 0, shear, 1, 0);

    /// <summary>The image shifted by a number of pixels to the left.</summary>
    /// <param name="image">The original.</param>
    /// <param name="pixels">By how much.</param>
    /// <param name="bilinear">Whether samples are mixed of the four pixels around, instead of the nearest one's.</param>
    public static Image TranslateX(Image image, double pixels, bool bilinear = false) => Transform(image, bilinear, 1, 0, pixels, 0, 1, 0);

    /// <summary>The image shifted by a number of pixels upwards.</summary>
    /// <param name="image">The original.</param>
    /// <param name="pixels">By how much.</param>
    /// <param name="bilinear">Whether samples are mixed of the four pixels around, instead of the nearest one's.</param>
    public static Image TranslateY(Image image, double pixels, bool bilinear = false) => Transform(image, bilinear, 1, 0, 0, 0, 1, pixels);

    /// <summary>The image turned counter-clockwise about its centre.</summary>
    /// <param name="image">The original.</param>
    /// <param name="degrees">The angle, between −90 and 90 exclusively.</param>
    /// <param name="bilinear">Whether samples are mixed of the four pixels around, instead of the nearest one's.</param>
    public static Image Rotate(Image image, double degrees, bool bilinear = false)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(Math.Abs(degrees), 90, nameof(degrees));
        double radians = -degrees * (Math.PI / 180);
        double cosine = Math.Round(Math.Cos(radians), 15);
        double sine = Math.Round(Math.Sin(radians), 15);
        (double x, double y) = (image.Width / 2.0, image.Height / 2.0);
        return Transform(image, bilinear, cosine, sine, (cosine * -x) + (sine * -y) + x, -sine, cosine, (-sine * -x) + (cosine * -y) + y);
    }

    // The output pixel (x, y) shows the source pixel (a·x + b·y + c, d·x + e·y + f), taken at pixel centres.
    private static Image Transform(Image image, bool bilinear, double a, double b, double c, double d, double e, double f)
    {
        ArgumentNullException.ThrowIfNull(image);
        var result = new Image(image.Width, image.Height, image.Channels);
        if (bilinear)
        {
            Interpolate(image, a, b, c, d, e, f, result);
        }
        else if (b == 0 && d == 0)
        {
            Translate(image, c + (a * 0.5), f + (e * 0.5), result);
        }
        else
        {
            TakeNearest(image, a, b, c + (a * 0.5) + (b * 0.5), d, e, f + (d * 0.5) + (e * 0.5), result);
        }

        return result;
    }

    // Summed in Pillow's order, because levels are cut to whole ones: the last bit of a coordinate may be a level.
    private static void Interpolate(Image image, double a, double b, double c, double d, double e, double f, Image result)
    {
        int channels = image.Channels;
        for (int y = 0; y < image.Height; y++)
        {
            for (int x = 0; x < image.Width; x++)
            {
                (double sourceX, double sourceY) = ((a * (x + 0.5)) + (b * (y + 0.5)) + c, (d * (x + 0.5)) + (e * (y + 0.5)) + f);
                if (sourceX < 0 || sourceX >= image.Width || sourceY < 0 || sourceY >= image.Height)
                {
                    continue;
                }

                (double floorX, double floorY) = (Math.Floor(sourceX - 0.5), Math.Floor(sourceY - 0.5));
                (double right, double down) = (sourceX - 0.5 - floorX, sourceY - 0.5 - floorY);
                (int x0, int y0) = ((int)Math.Max(floorX, 0), (int)Math.Max(floorY, 0));
                (int x1, int y1) = ((int)Math.Min(floorX + 1, image.Width - 1), (int)Math.Min(floorY + 1, image.Height - 1));
                for (int channel = 0; channel < channels; channel++)
                {
                    double above = Mix(At(x0, y0, channel), At(x1, y0, channel), right);
                    double below = Mix(At(x0, y1, channel), At(x1, y1, channel), right);
                    result.Samples[(((y * image.Width) + x) * channels) + channel] = (byte)Mix(above, below, down);
                }
            }
        }

        double At(int x, int y, int channel) => image.Samples[(((y * image.Width) + x) * channels) + channel];

        static double Mix(double from, double to, double share) => from + ((to - from) * share);
    }

    private static void TakeNearest(Image image, double a, double b, double left, double d, double e, double top, Image result)
    {
        (int stepX, int stepY) = (Fixed(a), Fixed(d));
        (int rowX, int rowY) = (Fixed(left), Fixed(top));
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
