namespace AuditKit.Imaging.Corruptions;

/// <summary>
/// Convolution with half a normal density along a line, one whole pixel after the other, as ImageMagick's motion blur.
/// </summary>
internal static class Motion
{
    // A weight below this cannot change a level.
    private const double Negligible = 1e-6;

    /// <summary>Smears an image.</summary>
    /// <param name="image">The image, which is not changed.</param>
    /// <param name="radius">Half the line's length in pixels; the line has 2·radius + 1.</param>
    /// <param name="sigma">The standard deviation in pixels.</param>
    /// <param name="degrees">Where the line leads, clockwise from the right: there a pixel takes its light from.</param>
    public static Image Smear(Image image, int radius, double sigma, double degrees)
    {
        var result = new Image(image.Width, image.Height, image.Channels);
        using var values = new Scratch<float>(image.Samples.Length);
        Levels.ToFloats(image.Samples, values.Span);
        Correlation.Apply(
            values.Span, image.Width, image.Height, image.Channels, Along(radius, sigma, degrees), Border.Nearest, values.Span);
        Levels.FromFloats(values.Span, result.Samples);
        return result;
    }

    private static Tap[] Along(int radius, double sigma, double degrees)
    {
        (double sin, double cos) = Math.SinCos(degrees * Math.PI / 180);
        double[] weights = [.. Enumerable.Range(0, (2 * radius) + 1).Select(i => Math.Exp(-0.5 * i * i / (sigma * sigma)))];
        double sum = weights.Sum();
        return
        [
            .. weights.Index()
                .Where(at => at.Item > Negligible * sum)
                .Select(at => new Tap(Step(at.Index * cos), Step(at.Index * sin), (float)(at.Item / sum))),
        ];

        static int Step(double distance) => (int)Math.Ceiling(distance - 0.5);
    }
}
