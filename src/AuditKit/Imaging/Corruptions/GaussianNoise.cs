namespace AuditKit.Imaging.Corruptions;

/// <summary>x + σ·n, n standard normal, pixels in [0, 1]: noise of low light.</summary>
/// <param name="severity">1 to 5.</param>
public sealed class GaussianNoise(int severity)
    : SampleNoise("gaussian-noise", severity, [0.04, 0.06, 0.08, 0.09, 0.10], [0.08, 0.12, 0.18, 0.26, 0.38])
{
    /// <inheritdoc/>
    public override string Definition => "Normal noise of standard deviation σ added to every sample, pixels in [0, 1].";

    private protected override void Distribute(int level, double constant, double[] probabilities)
        => DistributeNormal(level, 255 * constant, probabilities);
}
