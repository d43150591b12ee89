namespace AuditKit.Imaging.Corruptions;

/// <summary>Shrunk and enlarged with a box filter: too low a resolution.</summary>
/// <param name="severity">1 to 5.</param>
public sealed class Pixelate(int severity)
    : Corruption<double>("pixelate", severity, [0.95, 0.9, 0.85, 0.75, 0.65], [0.6, 0.5, 0.4, 0.3, 0.25])
{
    /// <inheritdoc/>
    public override string Definition => "Shrunk to c times its width and height, rounded down, and enlarged again, both with a box filter as Pillow's.";

    /// <inheritdoc/>
    public override Image Apply(Image image, CounterRandom random)
    {
        ArgumentNullException.ThrowIfNull(image);
        double scale = For(image);
        Image small = Resampler.Resize(image, Scaled(image.Width), Scaled(image.Height), ResampleFilter.Box);
        return Enlarge(small, image.Width, image.Height);

        int Scaled(int length) => Math.Max(1, (int)(length * scale));
    }

    // A box filter that enlarges sees one pixel: the one that the output pixel's centre lies in.
    internal static Image Enlarge(Image small, int width, int height)
    {
        (int channels, int stride) = (small.Channels, width * small.Channels);
        var result = new Image(width, height, channels);
        Span<byte> rows = result.Samples;
        using var columns = new Scratch<int>(width);
        for (int x = 0; x < width; x++)
        {
            columns.Span[x] = Source(x, width, small.Width) * channels;
        }

        int done = -1;
        for (int y = 0; y < height; y++)
        {
            int source = Source(y, height, small.Height);
            Span<byte> row = rows.Slice(y * stride, stride);
            if (source == done)
            {
                rows.Slice((y - 1) * stride, stride).CopyTo(row);
                continue;
            }

            done = source;
            ReadOnlySpan<byte> pixels = small.Samples.AsSpan(source * small.Width * channels, small.Width * channels);
            for (int x = 0, to = 0; x < width; x++)
            {
                for (int c = 0; c < channels; c++)
                {
                    row[to++] = pixels[columns.Span[x] + c];
                }
            }
        }

        return result;

        static int Source(int i, int length, int smallLength) => (int)((i + 0.5) * ((double)smallLength / length));
    }
}
