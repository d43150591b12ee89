using AuditKit.Imaging;

namespace AuditKit.Tests.Imaging;

/// <summary>
/// The resampler's definition written as plainly as can be: one sample at a time, each weight computed where it is
/// used, no cache, no vectors.
/// </summary>
internal static class ScalarResampler
{
    public static Image Resize(Image image, int width, int height, ResampleFilter filter)
    {
        Image wide = width == image.Width ? image : Map(new Image(width, image.Height, image.Channels), (y, x, c) =>
            Sample(image.Width, width, x, filter, i => image[y, i, c]));
        return height == image.Height ? wide : Map(new Image(width, height, image.Channels), (y, x, c) =>
            Sample(image.Height, height, y, filter, i => wide[i, x, c]));
    }

    private static byte Sample(int sourceLength, int length, int output, ResampleFilter filter, Func<int, byte> source)
    {
        double scale = (double)sourceLength / length;
        double stretch = Math.Max(1, scale);
        double centre = (output + 0.5) * scale;
        int first = Math.Max(0, (int)(centre - (filter.Support * stretch) + 0.5));
        int last = Math.Min(sourceLength, (int)(centre + (filter.Support * stretch) + 0.5)) - 1;
        double Weight(int i) => filter.Weight((i - centre + 0.5) * (1 / stretch));
        double total = 0;
        for (int i = first; i <= last; i++)
        {
            total += Weight(i);
        }

        long sum = 1 << 21;
        for (int i = first; i <= last; i++)
        {
            double weight = Weight(i) / total * (1 << 22);
            sum += (long)Math.Truncate(weight + (weight < 0 ? -0.5 : 0.5)) * source(i);
        }

        return (byte)Math.Clamp(sum >> 22, 0, 255);
    }

    private static Image Map(Image image, Func<int, int, int, byte> sample)
    {
        for (int i = 0; i < image.Samples.Length; i++)
        {
            int pixel = i / image.Channels;
            image.Samples[i] = sample(pixel / image.Width, pixel % image.Width, i % image.Channels);
        }

        return image;
    }
}
