using AuditKit.Imaging;

namespace AuditKit.Benchmarks;

/// <summary>Images to measure with.</summary>
internal static class Scenes
{
    /// <summary>A shaded disc over a gradient and a little noise: about as many bits as a photograph.</summary>
    public static Image Make(int size, int channels, int seed)
    {
        CounterRandom random = CounterRandom.For(seed, "scene", size);
        (int x0, int y0, int radius) = (random.NextInt32(size), random.NextInt32(size), (size / 6) + random.NextInt32(size / 3));
        var image = new Image(size, size, channels);
        for (int i = 0; i < image.Samples.Length; i++)
        {
            (int x, int y, int c) = (i / channels % size, i / channels / size, i % channels);
            bool inside = ((x - x0) * (x - x0)) + ((y - y0) * (y - y0)) < radius * radius;
            image.Samples[i] = (byte)((inside ? 90 + (20 * c) : 20) + ((x + (y * (c + 1))) * 100 / (4 * size)) + random.NextInt32(12));
        }

        return image;
    }
}
