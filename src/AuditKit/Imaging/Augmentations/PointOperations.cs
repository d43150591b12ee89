namespace AuditKit.Imaging.Augmentations;

/// <summary>Point operations, which map every sample's level by a table: as Pillow's <c>ImageOps</c> has them.</summary>
public static class PointOperations
{
    /// <summary>Levels from a threshold on are inverted.</summary>
    /// <param name="image">The original.</param>
    /// <param name="threshold">Levels below it stay, 0–256.</param>
    public static Image Solarize(Image image, double threshold) => Map(image, level => level < threshold ? level : 255 - level);

    /// <summary>Half-way between the image and what <see cref="Solarize"/> makes of it, cut to whole levels.</summary>
    /// <param name="image">The original.</param>
    /// <param name="threshold">Levels below it stay, 0–256.</param>
    public static Image SolarizeAdd(Image image, double threshold) => Map(image, level => level < threshold ? level : 255 / 2);

    /// <summary>Only the highest bits of each level are kept.</summary>
    /// <param name="image">The original.</param>
    /// <param name="bits">Bits kept, 0–8: with none, all is black.</param>
    public static Image Posterize(Image image, int bits) => Map(image, level => level & ~((1 << (8 - bits)) - 1));

    /// <summary>Each channel's levels stretched to 0–255.</summary>
    /// <param name="image">The original.</param>
    /// <param name="cutoff">Per cent of the samples, at either end, that may be clipped: 0 to 50, exclusively.</param>
    public static Image AutoContrast(Image image, double cutoff = 0) => MapChannels(image, histogram =>
    {
        int cut = (int)(histogram.Sum() * cutoff / 100);
        int low = First(histogram, cut);
        int high = 255 - First([.. histogram.Reverse()], cut);
        double scale = high > low ? 255.0 / (high - low) : 1;
        double offset = high > low ? -low * scale : 0;
        return level => Math.Clamp((int)((level * scale) + offset), 0, 255);
    });

    /// <summary>Each channel's levels spread so that they occur as evenly as whole levels allow.</summary>
    public static Image Equalize(Image image) => MapChannels(image, histogram =>
    {
        int last = Array.FindLastIndex(histogram, count => count > 0);
        int step = (histogram.Sum() - histogram[last]) / 255;
        if (step == 0)
        {
            return level => level;
        }

        int[] table = new int[256];
        int below = step / 2;
        for (int level = 0; level < 256; level++)
        {
            table[level] = Math.Min(below / step, 255);
            below += histogram[level];
        }

        return level => table[level];
    });

    // The first level that has samples once so many were taken away, counted from level 0.
    private static int First(int[] histogram, int cut)
    {
        int level = 0;
        for (int left = cut; level < 255 && histogram[level] <= left; level++)
        {
            left -= histogram[level];
        }

        return level;
    }

    private static Image Map(Image image, Func<int, int> map)
    {
        ArgumentNullException.ThrowIfNull(image);
        Span<byte> table = stackalloc byte[256];
        Fill(table, map);
        var result = new Image(image.Width, image.Height, image.Channels);
        for (int i = 0; i < image.Samples.Length; i++)
        {
            result.Samples[i] = table[image.Samples[i]];
        }

        return result;
    }

    private static Image MapChannels(Image image, Func<int[], Func<int, int>> make)
    {
        ArgumentNullException.ThrowIfNull(image);
        var result = new Image(image.Width, image.Height, image.Channels);
        Span<byte> table = stackalloc byte[256];
        for (int c = 0; c < image.Channels; c++)
        {
            int[] histogram = new int[256];
            for (int i = c; i < image.Samples.Length; i += image.Channels)
            {
                histogram[image.Samples[i]]++;
            }

            Fill(table, make(histogram));
            for (int i = c; i < image.Samples.Length; i += image.Channels)
            {
                result.Samples[i] = table[image.Samples[i]];
            }
        }

        return result;
    }

    private static void Fill(Span<byte> table, Func<int, int> map)
    {
        for (int level = 0; level < table.Length; level++)
        {
            table[level] = (byte)map(level);
        }
    }
}
