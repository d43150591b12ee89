namespace AuditKit.Imaging.Augmentations;

/// <summary>
/// Contrast, colour, brightness and sharpness by one factor: 1 leaves the image, 0 takes the property away, more than 1
/// exaggerates it. Sample for sample Pillow's <c>ImageEnhance</c>: a blend of the image with one that lacks the property.
/// </summary>
public static class Enhancement
{
    /// <summary>Blends with the image's mean luma.</summary>
    public static Image Contrast(Image image, double factor)
    {
        ReadOnlySpan<byte> luma = Luma.Of(image);
        long sum = 0;
        foreach (byte level in luma)
        {
            sum += level;
        }

        byte mean = (byte)(((double)sum / luma.Length) + 0.5);
        return Blend(image, factor, _ => mean);
    }

    /// <summary>Blends with each pixel's luma; a grey image stays as it is.</summary>
    public static Image Color(Image image, double factor)
    {
        byte[] luma = Luma.Of(image).ToArray();
        int channels = image.Channels;
        return Blend(image, factor, i => luma[i / channels]);
    }

    /// <summary>Blends with black.</summary>
    public static Image Brightness(Image image, double factor) => Blend(image, factor, _ => 0);

    /// <summary>Blends with the image smoothed by (1 1 1; 1 5 1; 1 1 1)/13, whose outermost pixels stay as they are.</summary>
    public static Image Sharpness(Image image, double factor)
    {
        byte[] smooth = Smooth(image);
        return Blend(image, factor, i => smooth[i]);
    }

    private static byte[] Smooth(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        byte[] samples = image.Samples;
        byte[] smooth = [.. samples];
        int stride = image.Width * image.Channels;
        for (int y = 1; y < image.Height - 1; y++)
        {
            for (int i = (y * stride) + image.Channels; i < ((y + 1) * stride) - image.Channels; i++)
            {
                int sum = 4 * samples[i];
                for (int row = i - stride; row <= i + stride; row += stride)
                {
                    sum += samples[row - image.Channels] + samples[row] + samples[row + image.Channels];
                }

                // Rounded: a thirteenth never lies half-way between two levels.
                smooth[i] = (byte)(((2 * sum) + 13) / 26);
            }
        }

        return smooth;
    }

    // other + factor·(image − other), cut to whole levels within 0–255, in single precision as Pillow computes it.
    private static Image Blend(Image image, double factor, Func<int, byte> other)
    {
        ArgumentNullException.ThrowIfNull(image);
        var result = new Image(image.Width, image.Height, image.Channels);
        float alpha = (float)factor;
        for (int i = 0; i < result.Samples.Length; i++)
        {
            byte without = other(i);
            result.Samples[i] = (byte)Math.Clamp(without + (alpha * (image.Samples[i] - without)), 0, 255);
        }

        return result;
    }
}
