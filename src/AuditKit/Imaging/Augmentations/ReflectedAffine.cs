namespace AuditKit.Imaging.Augmentations;

/// <summary>
/// Affine transforms of an image that goes on beyond its borders by reflection (the outermost pixels are not repeated):
/// shear and rotation by the bicubic kernel a = −1 of Pillow's <c>transform</c>, translation by nearest neighbour.
/// </summary>
public static class ReflectedAffine
{
    /// <summary>Row y shows the source <paramref name="shear"/>·(its distance from an edge) pixels further right.</summary>
    /// <param name="image">The original.</param>
    /// <param name="shear">Pixels a row.</param>
    /// <param name="fromBottom">Whether the lower edge stays in place, and not the upper one.</param>
    public static Image ShearX(Image image, double shear, bool fromBottom)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Bicubic(image, (x, y) => (x + (shear * (fromBottom ? image.Height - y : y)), y));
    }

    /// <summary>Column x shows the source <paramref name="shear"/>·(its distance from an edge) pixels further down.</summary>
    /// <param name="image">The original.</param>
    /// <param name="shear">Pixels a column.</param>
    /// <param name="fromRight">Whether the right edge stays in place, and not the left one.</param>
    public static Image ShearY(Image image, double shear, bool fromRight)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Bicubic(image, (x, y) => (x, y + (shear * (fromRight ? image.Width - x : x))));
    }

    /// <summary>The image turned counter-clockwise about its centre.</summary>
    /// <param name="image">The original.</param>
    /// <param name="degrees">The angle.</param>
    public static Image Rotate(Image image, double degrees)
    {
        ArgumentNullException.ThrowIfNull(image);
        (double sine, double cosine) = Math.SinCos(-degrees * (Math.PI / 180));
        (double centreX, double centreY) = (image.Width / 2.0, image.Height / 2.0);
        return Bicubic(image, (x, y) => (
            centreX + (cosine * (x - centreX)) + (sine * (y - centreY)),
            centreY - (sine * (x - centreX)) + (cosine * (y - centreY))));
    }

    /// <summary>The image shifted to the left and upwards, by the nearest whole pixels.</summary>
    /// <param name="image">The original.</param>
    /// <param name="left">Pixels to the left.</param>
    /// <param name="up">Pixels upwards.</param>
    public static Image Translate(Image image, double left, double up)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Reflection.Window(image, (int)Math.Floor(left + 0.5), (int)Math.Floor(up + 0.5), image.Width, image.Height);
    }

    // Positions are measured from the image's corner, so that pixel x has its centre at x + ½.
    private static Image Bicubic(Image image, Func<double, double, (double X, double Y)> source)
    {
        var result = new Image(image.Width, image.Height, image.Channels);
        Span<double> across = stackalloc double[4];
        Span<double> down = stackalloc double[4];
        Span<int> columns = stackalloc int[4];
        for (int y = 0; y < image.Height; y++)
        {
            for (int x = 0; x < image.Width; x++)
            {
                (double sourceX, double sourceY) = source(x + 0.5, y + 0.5);
                int left = Weights(sourceX - 0.5, across);
                int top = Weights(sourceY - 0.5, down);
                for (int i = 0; i < 4; i++)
                {
                    columns[i] = Reflection.Index(left + i, image.Width) * image.Channels;
                }

                for (int c = 0; c < image.Channels; c++)
                {
                    double level = 0;
                    for (int j = 0; j < 4; j++)
                    {
                        int row = (Reflection.Index(top + j, image.Height) * image.Width * image.Channels) + c;
                        level += down[j] * ((across[0] * image.Samples[row + columns[0]]) + (across[1] * image.Samples[row + columns[1]])
                            + (across[2] * image.Samples[row + columns[2]]) + (across[3] * image.Samples[row + columns[3]]));
                    }

                    // Levels are cut, as Pillow cuts them; what rounding alone put below a whole level is not.
                    result.Samples[(((y * image.Width) + x) * image.Channels) + c] = (byte)Math.Clamp(level + 1e-6, 0, 255);
                }
            }
        }

        return result;
    }

    // The first of the four pixels around a position, and how much each counts.
    private static int Weights(double position, Span<double> weights)
    {
        int first = (int)Math.Floor(position);
        double d = position - first;
        weights[0] = -d * (1 - d) * (1 - d);
        weights[1] = 1 - (d * d * (2 - d));
        weights[2] = d * (1 + d - (d * d));
        weights[3] = -d * d * (1 - d);
        return first - 1;
    }
}
