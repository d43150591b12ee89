namespace AuditKit.Imaging.Corruptions;

/// <summary>Pixels take the place of their neighbours between two blurs: frosted glass.</summary>
/// <param name="severity">1 to 5.</param>
public sealed class GlassBlur(int severity)
    : Corruption<(double Sigma, int Reach, int Rounds)>(
        "glass-blur",
        severity,
        [(0.05, 1, 1), (0.25, 1, 1), (0.4, 1, 1), (0.25, 1, 2), (0.4, 1, 2)],
        [(0.7, 1, 2), (0.9, 2, 1), (1, 2, 3), (1.1, 3, 2), (1.5, 4, 2)])
{
    /// <inheritdoc/>
    public override string Definition
        => "Blurred by a normal density of σ pixels; then, n times and from the last pixel to the first, every pixel replaced by one drawn "
            + "from d pixels left and above to d − 1 right and below (the published code means to swap the two and copies, and so does this "
            + "one); then blurred again: (σ, d, n).";

    /// <inheritdoc/>
    public override Image Apply(Image image, CounterRandom random)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(random);
        (double sigma, int reach, int rounds) = For(image);
        (int width, int height, int channels) = (image.Width, image.Height, image.Channels);
        var result = new Image(width, height, channels);
        using var values = new Scratch<float>(image.Samples.Length);
        Levels.ToFloats(image.Samples, values.Span);
        GaussianKernel.Of(sigma).Blur(values.Span, width, height, channels);
        Levels.FromFloats(values.Span, result.Samples);

        using var draws = new Scratch<uint>(2 * width);
        for (int round = 0; round < rounds; round++)
        {
            for (int y = height - reach; y > reach; y--)
            {
                random.Fill(draws.Span);
                ReplaceRow(result, y, reach, draws.Span);
            }
        }

        Levels.ToFloats(result.Samples, values.Span);
        GaussianKernel.Of(sigma).Blur(values.Span, width, height, channels);
        Levels.FromFloats(values.Span, result.Samples);
        return result;
    }

    // Two draws a pixel, for column and row. Of 2³² values no multiple of 6 is left over that could matter.
    private static void ReplaceRow(Image image, int y, int reach, ReadOnlySpan<uint> draws)
    {
        (int width, int channels, byte[] samples) = (image.Width, image.Channels, image.Samples);
        ulong offsets = 2 * (ulong)reach;
        for (int x = width - reach; x > reach; x--)
        {
            int fromX = x - reach + (int)((draws[2 * x] * offsets) >> 32);
            int fromY = y - reach + (int)((draws[(2 * x) + 1] * offsets) >> 32);
            int from = ((fromY * width) + fromX) * channels;
            int to = ((y * width) + x) * channels;
            for (int c = 0; c < channels; c++)
            {
                samples[to + c] = samples[from + c];
            }
        }
    }
}
