namespace AuditKit.Imaging.Augmentations;

/// <summary>Point operations, which map every sample's level by a table: as Pillow's <c>ImageOps</c> has them.</summary>
public static class PointOperations
{
    /// <summary>Levels from a threshold on are inverted.</summary>
    /// <param name="image">The original.</param>
    /// <param name="threshold">Levels below it stay, 0–256.</param>
    public static Image Solarize(Image image, double threshold) => Map(image, level => level < threshold ? level : 255 - level);

    /// <summary>An amount is added to the levels below 128, which are what SolarizeAdd changes (Cubuk et al., RandAugment, 2019).</summary>
    /// <param name="image">The original.</param>
    /// <param name="amount">0–255.</param>
    public static Image SolarizeAdd(Image image, int amount) => Map(image, level => level < 128 ? Math.Clamp(level + amount, 0, 255) : level);

    /// <summary>Only the highest bits of each level are kept.</summary>
    /// <param name="image">The original.</param>
    /// <param name="bits">Bits kept, 1–8.</param>
    public static Image Posterize(Image image, int bits) => Map(image, level => level & ~((1 << (8 - bits)) - 1));

    /// <summary>Each channel's levels stretched to 0–255.</summary>
    public static Image AutoContrast(Image image) => MapChannels(image, histogram =>
    {
        int low = Array.FindIndex(histogram, count => count > 0);
        int high = Array.FindLastIndex(histogram, count => count > 0);
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
