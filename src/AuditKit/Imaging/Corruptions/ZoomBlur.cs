namespace AuditKit.Imaging.Corruptions;

/// <summary>The mean of an image and its enlargements: a camera that moves towards the scene.</summary>
/// <param name="severity">1 to 5.</param>
public sealed class ZoomBlur(int severity)
    : Corruption<(double End, double Step)>(
        "zoom-blur",
        severity,
        [(1.06, 0.01), (1.11, 0.01), (1.16, 0.01), (1.21, 0.01), (1.26, 0.01)],
        [(1.11, 0.01), (1.16, 0.01), (1.21, 0.02), (1.26, 0.02), (1.31, 0.03)])
{
    /// <inheritdoc/>
    public override string Definition
        => "The mean of the image and of its centre enlarged linearly by 1, 1 + d, 1 + 2d … below e (as floating-point numbers count): (e, d).";

    /// <inheritdoc/>
    public override Image Apply(Image image, CounterRandom random)
    {
        ArgumentNullException.ThrowIfNull(image);
        (double end, double step) = For(image);
        (int width, int height, int channels) = (image.Width, image.Height, image.Channels);
        var result = new Image(width, height, channels);
        using var values = new Scratch<float>(image.Samples.Length);
        using var sum = new Scratch<float>(image.Samples.Length);
        Levels.ToFloats(image.Samples, values.Span);
        values.Span.CopyTo(sum.Span);

        // As numpy.arange counts, to the last digit: 224 / 1.12 is rounded up.
        int factors = (int)Math.Ceiling((end - 1) / step);
        double delta = 1 + step - 1;
        for (int i = 0; i < factors; i++)
        {
            ClippedZoom.Add(values.Span, width, height, channels, 1 + (i * delta), sum.Span);
        }

        Levels.Scale(sum.Span, 1f / (factors + 1));
        Levels.FromFloats(sum.Span, result.Samples);
        return result;
    }
}
