namespace AuditKit.Imaging.Corruptions;

/// <summary>A part of a picture of frost laid over the image.</summary>
/// <param name="severity">1 to 5.</param>
/// <param name="texture">The pictures.</param>
public sealed class Frost(int severity, FrostTexture texture)
    : Corruption<(double Image, double Frost)>(
        "frost",
        severity,
        [(1, 0.2), (1, 0.3), (0.9, 0.4), (0.85, 0.4), (0.75, 0.45)],
        [(1, 0.4), (0.8, 0.6), (0.7, 0.7), (0.65, 0.7), (0.6, 0.75)])
{
    /// <inheritdoc/>
    public override string Name => texture.Digest.Length == 0 ? base.Name : $"{base.Name} (photographs {texture.Digest})";

    /// <inheritdoc/>
    public override string Definition
        => $"a·x + b·frost, frost a random part of {texture.Source}; small images see every fifth pixel of it: (a, b).";

    /// <inheritdoc/>
    public override Image Apply(Image image, CounterRandom random)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(random);
        (double kept, double laid) = For(image);
        Image frost = texture.Draw(image, IsSmall(image), random);
        var result = new Image(image.Width, image.Height, image.Channels);
        using var values = new Scratch<float>(image.Samples.Length);
        using var over = new Scratch<float>(image.Samples.Length);
        Levels.ToFloats(image.Samples, values.Span);
        Levels.ToFloats(frost.Samples, over.Span);
        Levels.Scale(values.Span, (float)kept);
        Levels.Scale(over.Span, (float)laid);
        Levels.Add(over.Span, values.Span);
        Levels.FromFloats(values.Span, result.Samples);
        return result;
    }
}
