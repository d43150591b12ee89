using AuditKit.Imaging;

namespace AuditKit.Tests.Imaging;

/// <summary>Images made by an integer formula that other languages repeat in three lines.</summary>
internal static class Synthetic
{
    /// <summary>White noise, as worst a case as there is for filters: a linear congruential generator's upper bytes.</summary>
    public static Image Noise(int width, int height, int channels)
    {
        uint state = (uint)((width * 65536) + (height * 256) + channels);
        var image = new Image(width, height, channels);
        for (int i = 0; i < image.Samples.Length; i++)
        {
            state = unchecked((state * 1664525) + 1013904223);
            image.Samples[i] = (byte)(state >> 24);
        }

        return image;
    }

    /// <summary>Smooth shapes with a few edges, nearer to a photograph.</summary>
    public static Image Scene(int width, int height, int channels)
    {
        var image = new Image(width, height, channels);
        for (int i = 0; i < image.Samples.Length; i++)
        {
            int c = i % channels;
            int x = i / channels % width * 256 / width;
            int y = i / channels / width * 256 / height;
            int disc = ((x - 128) * (x - 128)) + ((y - 110) * (y - 110)) < 5000 + (1000 * c) ? 120 : 0;
            image.Samples[i] = (byte)(((x * (c + 1)) + (y * (3 - c))) / 8 + disc);
        }

        return image;
    }
}
