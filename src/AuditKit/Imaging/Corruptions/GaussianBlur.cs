namespace AuditKit.Imaging.Corruptions;

/// <summary>Convolved with a normal density.</summary>
/// <param name="severity">1 to 5.</param>
public sealed class GaussianBlur(int severity)
    : Corruption<double>("gaussian-blur", severity, [0.4, 0.6, 0.7, 0.8, 1], [1, 2, 3, 4, 6])
{
    /// <inheritdoc/>
    public override string Definition => "Convolved with a normal density of standard deviation σ pixels, cut off at 4σ.";

    /// <inheritdoc/>
    public override Image Apply(Image image, CounterRandom random)
    {
        ArgumentNullException.ThrowIfNull(image);
        var result = new Image(image.Width, image.Height, image.Channels);
        using var values = new Scratch<float>(image.Samples.Length);
        Levels.ToFloats(image.Samples, values.Span);
        GaussianKernel.Of(For(image)).Blur(values.Span, image.Width, image.Height, image.Channels);
        Levels.FromFloats(values.Span, result.Samples);
        return result;
    }
}
