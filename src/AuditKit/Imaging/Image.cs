namespace AuditKit.Imaging;

/// <summary>An image of 8-bit samples, interleaved: H×W×C, row by row, sRGB or grey.</summary>
public sealed class Image
{
    /// <summary>An image over the samples given, which are not copied.</summary>
    /// <param name="width">Width W in pixels, at least 1.</param>
    /// <param name="height">Height H in pixels, at least 1.</param>
    /// <param name="channels">Channels C: 1 (grey) or 3 (RGB).</param>
    /// <param name="samples">H·W·C samples, 0–255.</param>
    /// <exception cref="ArgumentException">The number of samples is not H·W·C, or C is neither 1 nor 3.</exception>
    public Image(int width, int height, int channels, byte[] samples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentNullException.ThrowIfNull(samples);
        if (channels is not (1 or 3))
        {
            throw new ArgumentException($"An image has 1 or 3 channels, not {channels}.", nameof(channels));
        }

        if (samples.Length != (long)width * height * channels)
        {
            throw new ArgumentException(
                $"{width}×{height}×{channels} needs {(long)width * height * channels} samples, not {samples.Length}.",
                nameof(samples));
        }

        (Width, Height, Channels, Samples) = (width, height, channels, samples);
    }

    /// <summary>An image of zeros.</summary>
    /// <param name="width">Width W in pixels.</param>
    /// <param name="height">Height H in pixels.</param>
    /// <param name="channels">Channels C: 1 or 3.</param>
    public Image(int width, int height, int channels)
        : this(width, height, channels, new byte[(long)width * height * channels])
    {
    }

    /// <summary>Width W in pixels.</summary>
    public int Width { get; }

    /// <summary>Height H in pixels.</summary>
    public int Height { get; }

    /// <summary>Channels C: 1 (grey) or 3 (RGB).</summary>
    public int Channels { get; }

    /// <summary>H·W·C samples, 0–255: sample (y, x, c) is at (y·W + x)·C + c.</summary>
    public byte[] Samples { get; }

    /// <summary>The sample at row <paramref name="y"/>, column <paramref name="x"/>, channel <paramref name="c"/>.</summary>
    public byte this[int y, int x, int c] => Samples[(((y * Width) + x) * Channels) + c];

    /// <summary>A part of the image, cut out.</summary>
    /// <param name="left">Columns left out on the left.</param>
    /// <param name="top">Rows left out above.</param>
    /// <param name="width">Width of the part in pixels.</param>
    /// <param name="height">Height of the part in pixels.</param>
    /// <exception cref="ArgumentException">The part is empty or leaves the image.</exception>
    public Image Crop(int left, int top, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(left);
        ArgumentOutOfRangeException.ThrowIfNegative(top);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, Width - left);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, Height - top);
        var part = new Image(width, height, Channels);
        int stride = width * Channels;
        for (int y = 0; y < height; y++)
        {
            Samples.AsSpan((((y + top) * Width) + left) * Channels, stride).CopyTo(part.Samples.AsSpan(y * stride));
        }

        return part;
    }
}
