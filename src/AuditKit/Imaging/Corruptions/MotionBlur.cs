namespace AuditKit.Imaging.Corruptions;

/// <summary>Smeared along a line of random direction: a camera that moves.</summary>
/// <param name="severity">1 to 5.</param>
public sealed class MotionBlur(int severity)
    : Corruption<(int Radius, double Sigma)>(
        "motion-blur",
        severity,
        [(6, 1), (6, 1.5), (6, 2), (8, 2), (9, 2.5)],
        [(10, 3), (15, 5), (15, 8), (15, 12), (20, 15)])
{
    /// <inheritdoc/>
    public override string Definition
        => "Smeared over 2r + 1 pixels by half a normal density of standard deviation σ, in a direction uniform within 45° of the right, as "
            + "ImageMagick's motion blur: (r, σ).";

    /// <inheritdoc/>
    public override Image Apply(Image image, CounterRandom random)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(random);
        (int radius, double sigma) = For(image);
        return Motion.Smear(image, radius, sigma, (90 * random.NextDouble()) - 45);
    }
}
